"""Kernels of `relu6`."""

from __future__ import annotations

from xonet.kernels import kernel, larger, load, select, splat, store
from xonet.layers._native import Native
from xonet.layers._site import Site
from xonet.layers.relu6 import Relu6


@kernel
def forward(x, y, count):
    """Each value by itself; the smaller of two is the larger of their negatives, turned round."""
    for i in range(count):
        store(y, i, -larger(-larger(load(x, i), splat(0.0)), splat(-6.0)))


@kernel
def backward(x, dy, dx, count):
    """The gradient passes where x lies between 0 and 6."""
    for i in range(count):
        value = load(x, i)
        store(dx, i, select((value > 0.0) & (value < 6.0), load(dy, i), splat(0.0)))


def lower(layer: Relu6, site: Site) -> None:
    """One row each way."""
    site.forward(forward, site.x, site.y, site.shape.size, over=(0, 1))
    if site.dy is not None and site.dx is not None:
        site.backward(backward, site.x, site.dy, site.dx, site.shape.size, over=(1, 2))


NATIVE = Native(lower, lower_single=lower)
