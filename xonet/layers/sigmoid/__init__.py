"""The layer `sigmoid`: values between 0 and 1."""

from __future__ import annotations

from xonet.layers import Layer


class Sigmoid(Layer):
    """Squashes values into the range 0 to 1: y = 1 / (1 + exp(-x))."""

    also = ("logistic",)

    activation = "squashing"
