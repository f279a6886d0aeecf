"""The layer `global_avg_pool2d`: the mean of each channel."""

from __future__ import annotations

from typing import ClassVar

from xonet.layers._global_pool import GlobalPool


class GlobalAvgPool2d(GlobalPool):
    """Turns the picture into a row: the mean of each channel (Lin et al. 2014, arXiv 1312.4400, section 3.2)."""

    also = ("GlobalAveragePooling2D", "GlobalAveragePool", "GlobalAvgPooling2d", "GlobalAveragePool2d")
    nearly: ClassVar = {"AdaptiveAvgPool2d": "write global_avg_pool2d, if its output_size is 1; no other is available"}
