"""Kernels of `softmax`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xonet.kernels import fma, kernel, larger, load, splat, store
from xonet.kernels.mathematics import exp

if TYPE_CHECKING:
    from xonet.engine.program import Site
    from xonet.layers.softmax import Softmax


@kernel
def forward(x, y, pixels, channels):
    """Over the channels of each pixel; the largest score is taken away first, so that no power overflows."""
    for p in range(pixels):
        first = p * channels
        most = load(x, first)
        for c in range(1, channels):
            most = larger(most, load(x, first + c))
        total = splat(0.0)
        for c in range(channels):
            power = exp(load(x, first + c) - most)
            store(y, first + c, power)
            total = total + power
        for c in range(channels):
            store(y, first + c, load(y, first + c) / total)


@kernel
def backward(y, dy, dx, pixels, channels):
    """Gives dx = y · (dy - Σ y · dy)."""
    for p in range(pixels):
        first = p * channels
        mean = splat(0.0)
        for c in range(channels):
            mean = fma(load(y, first + c), load(dy, first + c), mean)
        for c in range(channels):
            store(dx, first + c, load(y, first + c) * (load(dy, first + c) - mean))


def lower(layer: Softmax, site: Site) -> None:
    """One row each way."""
    channels = site.shape.channels
    pixels = site.shape.size // channels
    site.forward(forward, site.x, site.y, pixels, channels)
    if site.dy is not None and site.dx is not None:
        site.backward(backward, site.y, site.dy, site.dx, pixels, channels)
