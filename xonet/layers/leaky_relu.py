"""The layer `leaky_relu`: negative values become small."""

from __future__ import annotations

from xonet.language.fields import field
from xonet.language.kinds import Number
from xonet.layers._elementwise import INPLACE, Elementwise, Values, where


class LeakyRelu(Elementwise):
    """Keeps positive values and shrinks negative ones: y = x where x > 0, else slope · x.

    Maas et al. 2013, Rectifier Nonlinearities Improve Neural Network Acoustic Models, section 2.
    """

    activation = "rectifier"

    also = ("leaky", "relie")
    advice = Elementwise.advice | INPLACE

    slope: float = field(
        Number(minimum=0), "What negative values are multiplied by.", default=0.01, also=("negative_slope", "alpha")
    )

    @staticmethod
    def forward(x: Values, slope: float) -> Values:
        """Each value by itself."""
        return where(x > 0.0, x, x * slope)

    @staticmethod
    def backward(x: Values, dy: Values, slope: float) -> Values:
        """The gradient passes where x is positive, and is shrunk elsewhere, also at exactly 0."""
        return where(x > 0.0, dy, dy * slope)
