"""Kernels that an engine itself calls between those of layers: a sum, a copy, and a relu's mask."""

from __future__ import annotations

from xonet.kernels import kernel, load, select, splat, store


@kernel
def add(a, b, y, count):
    """Gives y = a + b."""
    for i in range(count):
        store(y, i, load(a, i) + load(b, i))


@kernel
def mask(y, dy, count):
    """The gradient of a relu whose output is y, in place: zero where that is zero."""
    for i in range(count):
        store(dy, i, select(load(y, i) > 0.0, load(dy, i), splat(0.0)))


@kernel
def move(a, a_channels, y, y_channels, count, pixels):
    """Copy `count` channels of each pixel from one picture to another."""
    for p in range(pixels):
        for c in range(count):
            store(y, p * y_channels + c, load(a, p * a_channels + c))
