"""The layer `hard_swish`: a swish made of straight lines and one parabola."""

from __future__ import annotations

from xonet.layers._elementwise import INPLACE, Elementwise, Values, clip, where


class HardSwish(Elementwise):
    """Nearly x times its sigmoid, without an exponential: y = x * min(6, max(0, x + 3)) / 6.

    Howard et al. 2019, arXiv 1905.02244, section 5.2.
    """

    activation = "rectifier"
    also = ("Hardswish", "h_swish", "hswish")
    advice = Elementwise.advice | INPLACE

    @staticmethod
    def forward(x: Values) -> Values:
        """The gate is divided by 6, not the product: so no large x overflows."""
        return x * (clip(x + 3.0, 0.0, 6.0) * (1.0 / 6.0))

    @staticmethod
    def backward(x: Values, dy: Values) -> Values:
        """A parabola's slope between -3 and 3, as in PyTorch 0 at -3 and 1 at 3."""
        return where(x > -3.0, where(x < 3.0, dy * (x * (1.0 / 3.0) + 0.5), dy), 0.0)
