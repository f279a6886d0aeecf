"""The layer `relu`: what is negative becomes zero."""

from __future__ import annotations

from xonet.layers import Layer


class Relu(Layer):
    """Changes everything negative to zero: y = max(0, x)."""

    also = ("rectify", "rectifier", "ReLULayer")
    advice = Layer.advice | {"inplace": "take it away: memory is planned for you"}

    activation = "rectifier"
