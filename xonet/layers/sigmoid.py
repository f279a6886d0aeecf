"""The layer `sigmoid`: every value between 0 and 1."""

from __future__ import annotations

from xonet.layers._elementwise import Elementwise, Values, exp


class Sigmoid(Elementwise):
    """Squashes every value between 0 and 1: y = 1 / (1 + exp(-x))."""

    also = ("logistic",)

    activation = "squashing"

    @staticmethod
    def forward(x: Values) -> Values:
        """Each value by itself; where exp is infinite, that is 0."""
        return 1.0 / (exp(-x) + 1.0)

    @staticmethod
    def backward(y: Values, dy: Values) -> Values:
        """The slope is y · (1 - y)."""
        return dy * y * (1.0 - y)
