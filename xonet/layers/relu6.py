"""The layer `relu6`: a relu with a ceiling."""

from __future__ import annotations

from xonet.layers._elementwise import INPLACE, Elementwise, Values, clip, where


class Relu6(Elementwise):
    """Limits values to between 0 and 6: y = min(max(0, x), 6).

    Krizhevsky 2010, Convolutional Deep Belief Networks on CIFAR-10, section 2.
    """

    activation = "rectifier"
    also = ("ReLU6",)
    advice = Elementwise.advice | INPLACE

    @staticmethod
    def forward(x: Values) -> Values:
        """Each value by itself."""
        return clip(x, 0.0, 6.0)

    @staticmethod
    def backward(x: Values, dy: Values) -> Values:
        """The gradient passes where x lies between 0 and 6, at neither end."""
        return where((x > 0.0) & (x < 6.0), dy, 0.0)
