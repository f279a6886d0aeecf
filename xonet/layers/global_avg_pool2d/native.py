"""Kernels of `global_avg_pool2d`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xonet.kernels import kernel, load, real, splat, store

if TYPE_CHECKING:
    from xonet.engine.program import Site
    from xonet.layers.global_avg_pool2d import GlobalAvgPool2d


@kernel
def forward(x, y, pixels, channels, share):
    """The mean of each channel; share is one over the pixels."""
    for c in range(channels):
        total = splat(0.0)
        for p in range(pixels):
            total = total + load(x, p * channels + c)
        store(y, c, total * real(share))


@kernel
def backward(dy, dx, pixels, channels, share):
    """Every pixel gets its share."""
    for c in range(channels):
        given = load(dy, c) * real(share)
        for p in range(pixels):
            store(dx, p * channels + c, given)


def lower(layer: GlobalAvgPool2d, site: Site) -> None:
    """One row each way."""
    channels = site.shape.channels
    pixels = site.shape.size // channels
    site.forward(forward, site.x, site.y, pixels, channels, 1.0 / pixels)
    if site.dy is not None and site.dx is not None:
        site.backward(backward, site.dy, site.dx, pixels, channels, 1.0 / pixels)


lower_single = lower
