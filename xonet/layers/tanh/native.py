"""Kernels of `tanh`."""

from __future__ import annotations

from xonet.kernels import kernel, load, store
from xonet.kernels.mathematics import tanh
from xonet.layers._native import Native
from xonet.layers._site import Site
from xonet.layers.tanh import Tanh


@kernel
def forward(x, y, count):
    """Each value by itself."""
    for i in range(count):
        store(y, i, tanh(load(x, i)))


@kernel
def backward(y, dy, dx, count):
    """The derivative, from what is at hand."""
    for i in range(count):
        store(dx, i, load(dy, i) * (1.0 - load(y, i) * load(y, i)))


def lower(layer: Tanh, site: Site) -> None:
    """One row each way."""
    site.forward_parts(site.by_value(forward, [site.x, site.y], site.shape.size, over=(0, 1)))
    if site.dy is not None and site.dx is not None:
        site.backward_parts(site.by_value(backward, [site.y, site.dy, site.dx], site.shape.size, over=(1, 2)))


NATIVE = Native(lower, lower_single=lower)
