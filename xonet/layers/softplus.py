"""The layer `softplus`: a smooth relu."""

from __future__ import annotations

from xonet.language.fields import field
from xonet.language.kinds import Number
from xonet.layers._elementwise import Elementwise, Values, absolute, exp, log1p, maximum, sigmoid, where


class Softplus(Elementwise):
    """A relu without its bend, always positive: y = log(1 + exp(beta · x)) / beta.

    Where beta · x is above `threshold`, y = x. Dugas et al. 2000, Incorporating Second-Order Functional Knowledge for
    Better Option Pricing, equation 4.
    """

    activation = "rectifier"
    also = ("BNLL",)

    beta: float = field(Number(above=0), "How sharply it bends: the larger, the closer to a relu.", default=1.0)
    threshold: float = field(Number(), "Where beta · x is above it, y = x.", default=20.0)

    @staticmethod
    def forward(x: Values, beta: float, threshold: float) -> Values:
        """Only powers of negative numbers are taken: they overflow nowhere."""
        z = beta * x
        smooth = (maximum(z, 0.0) + log1p(exp(-absolute(z)))) * (1.0 / beta)
        return where(z > threshold, x, smooth)

    @staticmethod
    def backward(x: Values, dy: Values, beta: float, threshold: float) -> Values:
        """The slope is the sigmoid of beta · x."""
        z = beta * x
        return where(z > threshold, dy, dy * sigmoid(z))
