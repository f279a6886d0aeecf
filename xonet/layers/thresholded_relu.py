"""The layer `thresholded_relu`: what is not above a threshold becomes zero."""

from __future__ import annotations

from typing import ClassVar

from xonet.language.fields import field
from xonet.language.kinds import Number
from xonet.layers._elementwise import INPLACE, Elementwise, Values, where


class ThresholdedRelu(Elementwise):
    """Changes values up to a threshold to zero: y = x where x > alpha, else 0.

    ONNX's ThresholdedRelu. Konda, Memisevic and Krueger 2014, arXiv 1402.3337, section 4.
    """

    activation = "rectifier"
    nearly: ClassVar = {
        "Threshold": "write thresholded_relu: {alpha: 0.5}, for example; PyTorch's value is 0 here, Caffe's 1 is not"
    }
    advice: ClassVar = Elementwise.advice | INPLACE | {"value": "remove it: what is not above alpha becomes 0"}

    alpha: float = field(Number(), "The greatest value that becomes 0.", default=1.0, also=("theta", "threshold"))

    @staticmethod
    def forward(x: Values, alpha: float) -> Values:
        """Each value by itself."""
        return where(x <= alpha, 0.0, x)

    @staticmethod
    def backward(x: Values, dy: Values, alpha: float) -> Values:
        """The gradient passes above alpha, not at it."""
        return where(x <= alpha, 0.0, dy)
