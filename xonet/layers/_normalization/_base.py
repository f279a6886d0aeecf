"""What a layer is that normalizes sets of one picture's values."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from xonet.language.fields import field
from xonet.language.kinds import Choice, Flag, Number
from xonet.language.shapes import Shape
from xonet.layers._learned import Learned
from xonet.layers._parameter import Parameter

GIVEN = "remove it: it follows from the layer above"
AFFINE = "write scale: {value} and shift: {value}"
RUNNING = "remove it: each picture is normalized by itself, in training and outside it"


class Sets(NamedTuple):
    """Which values of a picture have a mean and a deviation in common: those of a group of channels, in a span."""

    spans: int
    """Runs of neighbouring pixels: 1, or as many as pixels."""
    pixels: int
    """In a span."""
    groups: int
    """Of neighbouring channels."""
    width: int
    """Channels in a group."""

    @property
    def size(self) -> int:
        """Values in a set."""
        return self.pixels * self.width


class Normalization(Learned):
    """Base of a layer that gives each set of a picture's values a common scale, pictures by themselves.

    A layer adds `sets`, and `parameter_shape` where its scale and shift are not one a channel.
    """

    parts = "xonet.layers._normalization"

    advice = Learned.advice | {
        "affine": AFFINE,
        "elementwise_affine": AFFINE,
        "momentum": RUNNING,
        "track_running_stats": RUNNING,
        **dict.fromkeys(("num_channels", "num_features", "normalized_shape"), GIVEN),
        "gamma_initializer": "remove it: the scale begins at 1",
        "beta_initializer": "remove it: the shift begins at 0",
    }

    centered: ClassVar[bool] = True
    """Whether the mean is taken away."""

    epsilon: float = field(
        Number(above=0), "Added to the variance, to avoid division by zero.", default=1e-5, also=("eps",)
    )
    scale: bool = field(Flag(), "Whether each normalized value is multiplied by a learned number.", default=True)
    shift: bool = field(
        Flag(), "Whether a learned number is added to that.", default=True, also=("center", "bias", "use_bias")
    )

    def sets(self, shape: Shape) -> Sets:
        """Which values of a picture or row are a set."""
        raise NotImplementedError

    def parameter_shape(self, shape: Shape) -> tuple[int, ...]:
        """Of scale and shift: one a channel."""
        return (shape.channels,)

    def parameters(self, shape: Shape) -> list[Parameter]:
        """`scale` and `shift`, where they are wanted."""
        own = self.parameter_shape(shape)
        scale = Parameter("scale", own, constant=1.0, trainable=self.trainable)
        shift = Parameter("shift", own, constant=0.0, trainable=self.trainable)
        return [scale] * self.scale + [shift] * self.shift


class OverAxes(Normalization):
    """Base of a layer whose sets are whole pictures or single pixels."""

    advice = Normalization.advice | {
        "axis": "write axes: channels for the last axis, or axes: picture for all of them",
        "dim": "write axes: channels for the channels of each pixel, or axes: picture for all values",
        "data_format": "remove it: write axes: channels for the channels of each pixel, axes: picture for all values",
    }

    axes: str = field(
        Choice("picture", "channels"),
        "What is normalized together: all values of a `picture`, each with a scale and shift of its own, or the "
        "`channels` of each pixel, with one of each for a channel. Of a row of numbers both are the row.",
        default="picture",
    )

    def sets(self, shape: Shape) -> Sets:
        """One, or one a pixel."""
        pixels = shape.size // shape.channels
        return Sets(1, pixels, 1, shape.channels) if self.axes == "picture" else Sets(pixels, 1, 1, shape.channels)

    def parameter_shape(self, shape: Shape) -> tuple[int, ...]:
        """As what is normalized together."""
        return tuple(shape) if self.axes == "picture" else (shape.channels,)
