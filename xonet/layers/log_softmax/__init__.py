"""The layer `log_softmax`: scores as logarithms of probabilities."""

from __future__ import annotations

from xonet.layers import Layer


class LogSoftmax(Layer):
    """Turns scores into logarithms of probabilities: y[c] = x[c] - log(sum over k of exp(x[k])), over the channels.

    The loss cross_entropy takes scores and does this itself: a network trained with it does not end with a log_softmax.
    PyTorch's LogSoftmax, with dim the channels'.
    """

    advice = Layer.advice | {
        "dim": "remove it: it is always over the channels",
        "axis": "remove it: it is always over the channels",
    }

    activation = "squashing"
