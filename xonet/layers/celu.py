"""The layer `celu`: negative values level off, with the same slope on both sides of 0."""

from __future__ import annotations

from xonet.language.fields import field
from xonet.language.kinds import Number
from xonet.layers._elementwise import INPLACE, Elementwise, Values, expm1, maximum, minimum, where


class Celu(Elementwise):
    """An elu whose slope is continuous for every alpha: y = max(0, x) + min(0, alpha · (exp(x / alpha) - 1)).

    Barron 2017, arXiv 1704.07483, equation 2.
    """

    activation = "rectifier"
    advice = Elementwise.advice | INPLACE

    alpha: float = field(Number(above=0), "Large negative values become -alpha.", default=1.0)

    @staticmethod
    def forward(x: Values, alpha: float) -> Values:
        """One of the two terms is 0."""
        return maximum(x, 0.0) + alpha * expm1(minimum(x, 0.0) * (1.0 / alpha))

    @staticmethod
    def backward(y: Values, dy: Values, alpha: float) -> Values:
        """The slope where x is negative, exp(x / alpha), is y / alpha + 1."""
        return where(y > 0.0, dy, dy * (y * (1.0 / alpha) + 1.0))
