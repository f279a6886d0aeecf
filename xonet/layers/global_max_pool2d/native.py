"""Kernels of `global_max_pool2d`."""

from __future__ import annotations

from xonet.kernels import kernel, load, maximum, select, splat, store
from xonet.layers._native import Native
from xonet.layers._site import Site
from xonet.layers.global_max_pool2d import GlobalMaxPool2d


@kernel
def forward(x, y, pixels, channels):
    """The largest value of each channel."""
    for c in range(channels):
        most = load(x, c)
        for p in range(1, pixels):
            most = maximum(most, load(x, p * channels + c))
        store(y, c, most)


@kernel
def backward(x, y, dy, dx, pixels, channels):
    """The gradient goes to the first value that is the largest."""
    for c in range(channels):
        most, left_over = load(y, c), load(dy, c)
        for p in range(pixels):
            given = select(load(x, p * channels + c) == most, left_over, splat(0.0))
            store(dx, p * channels + c, given)
            left_over = left_over - given


def lower(layer: GlobalMaxPool2d, site: Site) -> None:
    """One row each way."""
    channels = site.shape.channels
    pixels = site.shape.size // channels
    site.forward(forward, site.x, site.y, pixels, channels)
    if site.dy is not None and site.dx is not None:
        site.backward(backward, site.x, site.y, site.dy, site.dx, pixels, channels)


NATIVE = Native(lower, lower_single=lower)
