"""Kernels of `relu`."""

from __future__ import annotations

from xonet.kernels import kernel, larger, load, select, splat, store
from xonet.layers._native import Native
from xonet.layers._site import Site
from xonet.layers.relu import Relu


@kernel
def forward(x, y, count):
    """Each value by itself."""
    for i in range(count):
        store(y, i, larger(load(x, i), splat(0.0)))


@kernel
def backward(y, dy, dx, count):
    """The derivative, from what is at hand."""
    for i in range(count):
        store(dx, i, select(load(y, i) > 0.0, load(dy, i), splat(0.0)))


def lower(layer: Relu, site: Site) -> None:
    """One row each way."""
    site.forward_parts(site.by_value(forward, [site.x, site.y], site.shape.size, over=(0, 1)))
    if site.dy is not None and site.dx is not None:
        site.backward_parts(site.by_value(backward, [site.y, site.dy, site.dx], site.shape.size, over=(1, 2)))


NATIVE = Native(lower, lower_single=lower)
