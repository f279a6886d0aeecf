"""The layer `tanh`: every value between -1 and 1."""

from __future__ import annotations

from xonet.layers import Layer


class Tanh(Layer):
    """Squashes every value between -1 and 1: y = tanh(x)."""

    activation = "squashing"
