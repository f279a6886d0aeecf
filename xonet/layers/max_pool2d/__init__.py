"""The layer `max_pool2d`: the maximum of each window."""

from __future__ import annotations

from xonet.layers._pool import Pool


class MaxPool2d(Pool):
    """Shrinks the picture: a window moves over it and keeps its maximum, channel by channel.

    Padding never wins: only values of the picture are compared. Where several values tie, the first in reading order
    gets the gradient. PyTorch's MaxPool2d.
    """

    also = ("MaxPooling2D", "MaxPooling", "MaxPool")
