"""The layer `softmax`: scores as probabilities."""

from __future__ import annotations

from xonet.layers import Layer


class Softmax(Layer):
    """Turns scores into probabilities: y[c] = exp(x[c]) / sum over k of exp(x[k]), over the channels of each position.

    The loss cross_entropy takes scores and does this itself: a network trained with it does not end with a softmax.
    PyTorch's Softmax, with dim the channels'.
    """

    advice = Layer.advice | {
        "dim": "remove it: it is always over the channels",
        "axis": "remove it: it is always over the channels",
    }

    activation = "squashing"
