"""The layer `tanh`: values between -1 and 1."""

from __future__ import annotations

from xonet.layers import Layer


class Tanh(Layer):
    """Squashes values into the range -1 to 1: y = tanh(x)."""

    activation = "squashing"
