"""The layer `tanh`: every value between -1 and 1."""

from __future__ import annotations

from xonet.layers._elementwise import Elementwise, Values, tanh


class Tanh(Elementwise):
    """Squashes values into the range -1 to 1: y = tanh(x).

    PyTorch's Tanh.
    """

    activation = "squashing"

    @staticmethod
    def forward(x: Values) -> Values:
        """Each value by itself."""
        return tanh(x)

    @staticmethod
    def backward(y: Values, dy: Values) -> Values:
        """The slope is 1 - y²."""
        return dy * (1.0 - y * y)
