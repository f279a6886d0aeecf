"""What the file says of the way from a gradient to the weights that are kept, beside the optimizer."""

from __future__ import annotations

from xonet.language.fields import Record, field
from xonet.language.kinds import Number


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
