"""The layer `selu`: an elu that keeps values near mean 0 and variance 1."""

from __future__ import annotations

from xonet.layers._elementwise import INPLACE, Elementwise, Values, expm1, maximum, minimum, where

ALPHA, SCALE = 1.6732632423543772, 1.0507009873554805


class Selu(Elementwise):
    """A scaled elu: y = 1.0507 · x where x > 0, else 1.0507 · 1.67326 · (exp(x) - 1).

    With these two numbers (given to 16 digits) and weights from lecun_normal, the default before it, mean 0 and
    variance 1 are kept from layer to layer. Klambauer et al. 2017, arXiv 1706.02515, equations 2 and 14.
    """

    activation = "self-normalizing"
    advice = Elementwise.advice | INPLACE

    @staticmethod
    def forward(x: Values) -> Values:
        """One of the two terms is 0."""
        return SCALE * maximum(x, 0.0) + (SCALE * ALPHA) * expm1(minimum(x, 0.0))

    @staticmethod
    def backward(y: Values, dy: Values) -> Values:
        """The slope where x is negative is y plus what large negative values lose."""
        return where(y > 0.0, dy * SCALE, dy * (y + SCALE * ALPHA))
