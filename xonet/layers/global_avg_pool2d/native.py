"""Kernels of `global_avg_pool2d`."""

from __future__ import annotations

from xonet.kernels import bits_to_f32, kernel, load, store
from xonet.kernels.sliding import clear
from xonet.layers._native import Native
from xonet.layers._site import Site
from xonet.layers.global_avg_pool2d import GlobalAvgPool2d


@kernel
def forward(x, y, pixels, channels, share):
    """The mean of each channel, pixels in memory's order; share is one over their number."""
    clear(y, channels)
    for p in range(pixels):
        for c in range(channels):
            store(y, c, load(y, c) + load(x, p * channels + c))
    for c in range(channels):
        store(y, c, load(y, c) * bits_to_f32(share))


@kernel
def backward(dy, dx, pixels, channels, share):
    """Every pixel gets its share."""
    for p in range(pixels):
        for c in range(channels):
            store(dx, p * channels + c, load(dy, c) * bits_to_f32(share))


def lower(layer: GlobalAvgPool2d, site: Site) -> None:
    """One row each way."""
    channels = site.shape.channels
    pixels = site.shape.size // channels
    site.forward(forward, site.x, site.y, pixels, channels, 1.0 / pixels)
    if site.dy is not None and site.dx is not None:
        site.backward(backward, site.dy, site.dx, pixels, channels, 1.0 / pixels)


NATIVE = Native(lower, lower_single=lower)
