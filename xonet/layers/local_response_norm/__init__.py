"""The layer `local_response_norm`: what is large makes its neighbours smaller."""

from __future__ import annotations

from xonet.language.fields import field
from xonet.language.kinds import Choice, Integer, Number
from xonet.language.shapes import Shape
from xonet.layers import Layer, needs_picture


class LocalResponseNorm(Layer):
    """Divides each value by a power of how large the values around it are.

    y = x / (k + alpha / n · sum of x² over n neighbours)^beta. Across channels, they are `size` channels of the same
    pixel (Krizhevsky, Sutskever and Hinton 2012, ImageNet Classification, section 3.3; PyTorch's LocalResponseNorm,
    Caffe's ACROSS_CHANNELS); within a channel, a window of size × size pixels (Caffe's WITHIN_CHANNEL). Of an even size
    one more lies before the value than behind it. Beyond the edges there are zeros, which count.
    """

    also = ("LRN", "LocalResponseNormalization", "LocalResponseNormalisation", "CrossMapLRN2d")
    advice = Layer.advice | {
        "norm_region": "write region: across for neighbouring channels, region: within for neighbouring pixels",
        "depth_radius": "write size, 2 · depth_radius + 1, and alpha as many times TensorFlow's",
    }

    size: int = field(
        Integer(minimum=1),
        "How many channels count, or with region: within how many pixels each way.",
        example=5,
        also=("n", "local_size"),
    )
    alpha: float = field(Number(minimum=0), "What the mean of the squares is multiplied by.", default=1e-4)
    beta: float = field(Number(minimum=0), "The power.", default=0.75)
    k: float = field(
        Number(above=0), "What is added to the mean of the squares, times alpha.", default=1.0, also=("bias",)
    )
    region: str = field(
        Choice("across", "within"),
        "Whether a value's neighbours are those of the same pixel in other channels (`across` channels), or those "
        "around it in the same channel (`within`).",
        default="across",
    )

    def output_shape(self, shape: Shape) -> Shape:
        """The same.

        Raises:
            ShapeError: for a row of numbers, within channels.
        """
        if self.region == "within":
            needs_picture("local_response_norm with region: within", shape)
        return shape

    @property
    def window(self) -> tuple[int, int]:
        """How many neighbours count before a value and behind it."""
        return self.size // 2, (self.size - 1) // 2

    @property
    def factor(self) -> float:
        """What a sum of squares is multiplied by."""
        return self.alpha / (self.size if self.region == "across" else self.size**2)
