"""The layer `sigmoid`: every value between 0 and 1."""

from __future__ import annotations

from xonet.layers._elementwise import Elementwise, Values, sigmoid


class Sigmoid(Elementwise):
    """Squashes values into the range 0 to 1: y = 1 / (1 + exp(-x)).

    PyTorch's Sigmoid.
    """

    also = ("logistic",)

    activation = "squashing"

    @staticmethod
    def forward(x: Values) -> Values:
        """Each value by itself."""
        return sigmoid(x)

    @staticmethod
    def backward(y: Values, dy: Values) -> Values:
        """The slope is y · (1 - y)."""
        return dy * y * (1.0 - y)
