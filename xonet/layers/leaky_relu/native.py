"""Kernels of `leaky_relu`."""

from __future__ import annotations

from xonet.kernels import kernel, load, real, select, store
from xonet.layers._native import Native
from xonet.layers._site import Site
from xonet.layers.leaky_relu import LeakyRelu


@kernel
def forward(x, y, count, slope):
    """Each value by itself."""
    for i in range(count):
        store(y, i, select(load(x, i) > 0.0, load(x, i), load(x, i) * real(slope)))


@kernel
def backward(x, dy, dx, count, slope):
    """The derivative, from what is at hand."""
    for i in range(count):
        store(dx, i, select(load(x, i) > 0.0, load(dy, i), load(dy, i) * real(slope)))


def lower(layer: LeakyRelu, site: Site) -> None:
    """One row each way."""
    site.forward(forward, site.x, site.y, site.shape.size, layer.slope, over=(0, 1))
    if site.dy is not None and site.dx is not None:
        site.backward(backward, site.x, site.dy, site.dx, site.shape.size, layer.slope, over=(1, 2))


NATIVE = Native(lower, lower_single=lower)
