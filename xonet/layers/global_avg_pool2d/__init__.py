"""The layer `global_avg_pool2d`: the mean of each channel."""

from __future__ import annotations

from xonet.layers._global_pool import GlobalPool


class GlobalAvgPool2d(GlobalPool):
    """Makes a row of the picture: the mean of each channel (Lin et al. 2014, arXiv 1312.4400, section 3.2)."""
