"""The layer `softsign`: every value between -1 and 1, reached slowly."""

from __future__ import annotations

from xonet.layers._elementwise import Elementwise, Values, absolute


class Softsign(Elementwise):
    """Squashes values into the range -1 to 1, more slowly than tanh: y = x / (1 + |x|).

    Bergstra et al. 2009, Quadratic Polynomials Learn Better Image Features, section 2.
    """

    activation = "squashing"

    @staticmethod
    def forward(x: Values) -> Values:
        """Each value by itself."""
        return x / (1.0 + absolute(x))

    @staticmethod
    def backward(x: Values, dy: Values) -> Values:
        """The slope is 1 / (1 + |x|)²."""
        root = 1.0 / (1.0 + absolute(x))
        return dy * (root * root)
