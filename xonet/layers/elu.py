"""The layer `elu`: negative values level off smoothly."""

from __future__ import annotations

from xonet.language.fields import field
from xonet.language.kinds import Number
from xonet.layers._elementwise import INPLACE, Elementwise, Values, expm1, maximum, minimum, where


class Elu(Elementwise):
    """Keeps positive values, and lets negative ones level off: y = x where x > 0, else alpha · (exp(x) - 1).

    Clevert, Unterthiner and Hochreiter 2015, arXiv 1511.07289, equation 15.
    """

    activation = "rectifier"
    advice = Elementwise.advice | INPLACE

    alpha: float = field(Number(minimum=0), "Large negative values become -alpha.", default=1.0)

    @staticmethod
    def forward(x: Values, alpha: float) -> Values:
        """One of the two terms is 0."""
        return maximum(x, 0.0) + alpha * expm1(minimum(x, 0.0))

    @staticmethod
    def backward(y: Values, dy: Values, alpha: float) -> Values:
        """The slope where x is negative, alpha · exp(x), is y + alpha; it is alpha at exactly 0."""
        return where(y > 0.0, dy, dy * (y + alpha))
