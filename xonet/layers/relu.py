"""The layer `relu`: negative values become zero."""

from __future__ import annotations

from typing import ClassVar

from xonet.layers._elementwise import INPLACE, Elementwise, Values, maximum, where


class Relu(Elementwise):
    """Changes negative values to zero: y = max(0, x).

    PyTorch's ReLU.
    """

    also = ("rectify", "rectifier", "ReLULayer")
    advice: ClassVar = (
        Elementwise.advice
        | INPLACE
        | {
            "max_value": "write hard_tanh: {min_val: 0, max_val: {value}} in place of relu; relu6 is that with 6",
            "negative_slope": "write leaky_relu: {slope: {value}} in place of relu",
            "threshold": "write thresholded_relu: {alpha: {value}} in place of relu",
        }
    )

    activation = "rectifier"

    @staticmethod
    def forward(x: Values) -> Values:
        """Each value by itself."""
        return maximum(x, 0.0)

    @staticmethod
    def backward(y: Values, dy: Values) -> Values:
        """The gradient passes where x, and so y, is positive; at exactly 0 it does not."""
        return where(y > 0.0, dy, 0.0)
