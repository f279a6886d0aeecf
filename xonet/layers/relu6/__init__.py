"""The layer `relu6`: values limited to between 0 and 6."""

from __future__ import annotations

from xonet.layers import Layer


class Relu6(Layer):
    """Limits values to between 0 and 6: y = min(max(0, x), 6).

    Krizhevsky 2010, Convolutional Deep Belief Networks on CIFAR-10, section 2.
    """

    activation = "rectifier"
    also = ("ReLU6",)
