"""The layer `relu`: negative values become zero."""

from __future__ import annotations

from xonet.layers import Layer


class Relu(Layer):
    """Changes negative values to zero: y = max(0, x)."""

    also = ("rectify", "rectifier", "ReLULayer")
    advice = Layer.advice | {"inplace": "remove it: memory is managed for you"}

    activation = "rectifier"
