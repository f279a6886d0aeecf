"""The layer `softmax`: scores as probabilities."""

from __future__ import annotations

from xonet.layers import Layer


class Softmax(Layer):
    """Makes probabilities of scores: y[c] = exp(x[c]) / sum over k of exp(x[k]), over the channels of each place.

    The loss cross_entropy takes scores and does this itself: a network trained with it ends without a softmax.
    """

    activation = "squashing"
