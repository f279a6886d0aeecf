"""The layer `global_max_pool2d`: the maximum of each channel."""

from __future__ import annotations

from typing import ClassVar

from xonet.layers._global_pool import GlobalPool


class GlobalMaxPool2d(GlobalPool):
    """Turns the picture into a row: the maximum of each channel, wherever it is.

    Where several values tie, the first in reading order gets the gradient. Keras' GlobalMaxPooling2D.
    """

    also = ("GlobalMaxPooling2D", "GlobalMaxPool", "GlobalMaxPooling")
    nearly: ClassVar = {"AdaptiveMaxPool2d": "write global_max_pool2d, if its output_size is 1; no other is available"}
