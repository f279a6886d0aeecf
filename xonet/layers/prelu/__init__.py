"""The layer `prelu`: a leaky relu that learns its slopes."""

from __future__ import annotations

from typing import ClassVar

from xonet.language.fields import field
from xonet.language.kinds import Number
from xonet.language.shapes import Shape
from xonet.layers._learned import Learned
from xonet.layers._parameter import Parameter


class Prelu(Learned):
    """Keeps positive values, and multiplies negative ones by a slope: y = x where x > 0, else slopes[channel] · x.

    The slopes are learned, one for each channel (PyTorch's num_parameters is the number of channels).
    He et al. 2015, arXiv 1502.01852, section 2.1.
    """

    activation = "rectifier"
    advice: ClassVar = Learned.advice | {
        "num_parameters": "remove it: there is one slope for each channel",
        "shared_axes": "remove it: there is one slope for each channel",
        "channel_shared": "remove it: there is one slope for each channel",
        "alpha_initializer": "write slope, the number that each begins with",
        "filler": "write slope, the number that each begins with",
    }

    slope: float = field(Number(), "What every slope begins with.", default=0.25, also=("init",))

    def parameters(self, shape: Shape) -> list[Parameter]:
        """`slopes` (channels)."""
        return [Parameter("slopes", (shape.channels,), constant=self.slope, trainable=self.trainable)]
