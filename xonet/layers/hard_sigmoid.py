"""The layer `hard_sigmoid`: a sigmoid made of straight lines."""

from __future__ import annotations

from typing import ClassVar

from xonet.layers._elementwise import INPLACE, Elementwise, Values, clip, where


class HardSigmoid(Elementwise):
    """A sigmoid made of three straight lines, as in PyTorch and Keras 3: y = min(6, max(0, x + 3)) / 6.

    ONNX and Keras 2 have others, with a slope of 0.2. Howard et al. 2019, arXiv 1905.02244, section 5.2.
    """

    activation = "squashing"
    advice: ClassVar = (
        Elementwise.advice
        | INPLACE
        | dict.fromkeys(("alpha", "beta"), "remove it: the slope is 1/6, and 0 becomes 0.5, as in PyTorch and Keras 3")
    )

    @staticmethod
    def forward(x: Values) -> Values:
        """Each value by itself."""
        return clip(x + 3.0, 0.0, 6.0) * (1.0 / 6.0)

    @staticmethod
    def backward(x: Values, dy: Values) -> Values:
        """The gradient passes between -3 and 3, at neither end."""
        return where((x > -3.0) & (x < 3.0), dy * (1.0 / 6.0), 0.0)
