"""What the file says of the way from a gradient to the weights that are kept, beside the optimizer."""

from __future__ import annotations

from xonet.language.fields import Record, field
from xonet.language.kinds import Integer, Number


class GradientClip(Record):
    """Keeps gradients from becoming too large, before the optimizer and its weight decay see them.

    norm: where the length of the whole gradient, over all trained parameters, is larger, the gradient is multiplied by
    norm / (length + 1e-6) (Pascanu et al. 2013, arXiv 1211.5063; PyTorch's clip_grad_norm_). value: every number
    is kept between -value and value (PyTorch's clip_grad_value_).
    """

    norm: float | None = field(
        Number(above=0),
        "The largest length of the gradient of all parameters together.",
        default=None,
        example=1,
        also=("max_norm", "global_clipnorm", "max_grad_norm", "clip_norm", "gradient_clip_norm"),
    )
    value: float | None = field(
        Number(above=0),
        "The largest size of every number in a gradient.",
        default=None,
        example=0.5,
        also=("clipvalue", "clip_value", "max_value"),
    )


class Ema(Record):
    """Keeps an average of the weights in which older ones count less and less; evaluation and the saved model use it.

    After every update: average = decay · average + (1 - decay) · weights; after the first one it is a copy (PyTorch's
    AveragedModel with get_ema_multi_avg_fn; Polyak and Juditsky 1992). Training goes on with the weights themselves,
    and batch_norm's running mean and variance are those of training.
    """

    decay: float = field(
        Number(minimum=0, below=1),
        "How much of the average is kept at each update.",
        default=0.999,
        also=("ema_momentum", "momentum", "beta", "ema_decay"),
    )


class Swa(Record):
    """Ends with the mean of the weights at the ends of the last epochs (Izmailov et al. 2018, arXiv 1803.05407).

    batch_norm's running mean and variance are then measured anew, as means over all training batches (PyTorch's
    AveragedModel and update_bn); the test and the saved model use all that. What is measured after each epoch is
    measured with the weights of training. Of early_stopping, patience counts, and restore_best does not.
    """

    from_: int = field(
        Integer(minimum=1),
        "The first epoch, counted from 1, whose weights count.",
        example=20,
        also=("swa_start", "start_epoch", "swa_epoch_start", "start"),
    )

    @property
    def start(self) -> int:
        """`from`."""
        return int(getattr(self, "from"))
