"""The layer `global_max_pool2d`: the greatest value of each channel."""

from __future__ import annotations

from xonet.layers._global_pool import GlobalPool


class GlobalMaxPool2d(GlobalPool):
    """Makes a row of the picture: the greatest value of each channel, wherever it is.

    Where several are greatest, the first in reading order gets the gradient.
    """
