"""The layer `silu`: every value times its sigmoid."""

from __future__ import annotations

from typing import ClassVar

from xonet.layers._elementwise import INPLACE, Elementwise, Values, sigmoid


class Silu(Elementwise):
    """Multiplies each value by its sigmoid: y = x / (1 + exp(-x)).

    Also called swish, with beta = 1. Elfwing, Uchibe and Doya 2017, arXiv 1702.03118, equation 6;
    Ramachandran, Zoph and Le 2017, arXiv 1710.05941.
    """

    activation = "rectifier"
    also = ("swish", "SiLULayer")
    advice: ClassVar = Elementwise.advice | INPLACE | {"beta": "remove it: beta is 1 here"}

    @staticmethod
    def forward(x: Values) -> Values:
        """Each value by itself."""
        return x * sigmoid(x)

    @staticmethod
    def backward(x: Values, dy: Values) -> Values:
        """The slope of the sigmoid s is s · (1 - s)."""
        share = sigmoid(x)
        return dy * (share * (1.0 + x * (1.0 - share)))
