"""The layer `mish`: every value times the tanh of its softplus."""

from __future__ import annotations

from xonet.layers._elementwise import INPLACE, Elementwise, Values, exp, minimum, where


class Mish(Elementwise):
    """Multiplies each value by the tanh of its softplus: y = x · tanh(log(1 + exp(x))).

    Misra 2019, arXiv 1908.08681, equation 1. It is computed as x · w / (w + 2) with w = exp(x) · (exp(x) + 2).
    """

    activation = "rectifier"
    advice = Elementwise.advice | INPLACE

    @staticmethod
    def forward(x: Values) -> Values:
        """From 20 on, the tanh is 1 to the last digit."""
        power = exp(minimum(x, 20.0))
        w = power * (power + 2.0)
        return x * (w / (w + 2.0))

    @staticmethod
    def backward(x: Values, dy: Values) -> Values:
        """The tanh's slope, 1 - tanh², is 4 · (1 + exp(x))² / (w + 2)²; softplus's is exp(x) / (1 + exp(x))."""
        power = exp(minimum(x, 20.0))
        w = power * (power + 2.0)
        share = 1.0 / (w + 2.0)
        return where(x > 20.0, dy, dy * (w * share + x * ((4.0 * power * share) * ((1.0 + power) * share))))
