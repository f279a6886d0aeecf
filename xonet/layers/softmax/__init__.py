"""The layer `softmax`: scores as probabilities."""

from __future__ import annotations

from typing import ClassVar

from xonet.layers import Layer


class Softmax(Layer):
    """Makes probabilities of scores: y[c] = exp(x[c]) / sum over k of exp(x[k]), over the channels of each place.

    The loss cross_entropy takes scores and does this itself: a network trained with it ends without a softmax.
    """

    nearly: ClassVar = {"LogSoftmax": "take it away: the loss cross_entropy takes scores and does this itself"}
    advice = Layer.advice | {
        "dim": "take it away: it is always over the channels",
        "axis": "take it away: it is always over the channels",
    }

    activation = "squashing"
