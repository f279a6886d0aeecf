"""The layer `batch_norm`: every channel on a common scale."""

from __future__ import annotations

from typing import Any, ClassVar

from xonet.language.fields import field
from xonet.language.kinds import Flag, Number
from xonet.language.shapes import Shape
from xonet.layers._learned import TRAINABLE, Learned
from xonet.layers._parameter import Parameter


class BatchNorm(Learned):
    """Normalizes every channel to mean 0 and variance 1, then applies a learned scale and shift.

    y = scale · (x - mean) / sqrt(variance + epsilon) + shift. In training, mean and variance are the batch's, over
    pictures, height and width; outside it, the running ones kept by training
    (Ioffe and Szegedy 2015, arXiv 1502.03167, algorithms 1 and 2). For a single value (one picture, one pixel) only
    the shift remains, and the running variance stays as it is; PyTorch refuses to train on one.
    """

    running = ("mean", "variance")
    also = ("BatchNormalization", "BatchNormalisation")
    nearly: ClassVar = {"BatchNorm2d": "write batch_norm; its momentum is 1 - PyTorch's, 0.9 for 0.1"}
    advice = Learned.advice | {
        "affine": "write scale: {value} and shift: {value}",
        "track_running_stats": "remove it: they are always kept",
        "axis": "remove it: it is always the channels",
        "gamma_initializer": "remove it: the scale begins at 1",
        "beta_initializer": "remove it: the shift begins at 0",
        "num_features": "remove it: it follows from the layer above",
    }

    momentum: float = field(
        Number(minimum=0, below=1),
        "How much of the running mean and variance is kept at each step; the rest comes from the batch.",
        default=0.9,
        also=("moving_average_fraction",),
    )
    epsilon: float = field(
        Number(above=0), "Added to the variance, to avoid division by zero.", default=1e-5, also=("eps",)
    )
    scale: bool = field(Flag(), "Whether each channel is multiplied by a learned number.", default=True)
    shift: bool = field(
        Flag(), "Whether a learned number is added to each channel.", default=True, also=("center", "bias", "use_bias")
    )
    trainable: Any = field(
        TRAINABLE,
        "Whether training changes scale and shift, always or in some epochs: {after: 3}, {until: 3}; the running mean "
        "and variance are updated anyway.",
        default=True,
    )

    def parameters(self, shape: Shape) -> list[Parameter]:
        """`scale` and `shift` where they are wanted, and the running `mean` and `variance`, each (channels)."""
        channels = (shape.channels,)
        scale = Parameter("scale", channels, constant=1.0, trainable=self.trainable)
        shift = Parameter("shift", channels, constant=0.0, trainable=self.trainable)
        return [
            *[scale] * self.scale,
            *[shift] * self.shift,
            Parameter("mean", channels, constant=0.0, trainable=False),
            Parameter("variance", channels, constant=1.0, trainable=False),
        ]
