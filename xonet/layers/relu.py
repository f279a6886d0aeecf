"""The layer `relu`: what is negative becomes zero."""

from __future__ import annotations

from xonet.layers import Layer
from xonet.layers._elementwise import Elementwise, Values, maximum, where


class Relu(Elementwise):
    """Changes everything negative to zero: y = max(0, x)."""

    also = ("rectify", "rectifier", "ReLULayer")
    advice = Layer.advice | {"inplace": "take it away: memory is planned for you"}

    activation = "rectifier"

    @staticmethod
    def forward(x: Values) -> Values:
        """Each value by itself."""
        return maximum(x, 0.0)

    @staticmethod
    def backward(y: Values, dy: Values) -> Values:
        """The gradient passes where x, and so y, is positive; at exactly 0 it does not."""
        return where(y > 0.0, dy, 0.0)
