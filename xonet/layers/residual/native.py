"""Kernels of `residual`: a sum."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xonet.kernels import kernel, larger, load, splat, store

if TYPE_CHECKING:
    from xonet.engine.program import Site
    from xonet.engine.single import SingleSite
    from xonet.layers.residual import Residual

RECTIFIES = "output"


@kernel
def add(a, b, y, count):
    """Gives y = a + b."""
    for i in range(count):
        store(y, i, load(a, i) + load(b, i))


@kernel
def add_rectified(a, b, y, count):
    """Y = a + b where that is positive, 0 elsewhere."""
    for i in range(count):
        store(y, i, larger(load(a, i) + load(b, i), splat(0.0)))


def lower(layer: Residual, site: Site) -> None:
    """The sum forward; backward, each way's gradient is the sum's own."""
    site.forward(add_rectified if site.rectify else add, *site.xs, site.y, site.output_shape.size, over=(0, 2))


def lower_single(layer: Residual, site: SingleSite) -> None:
    """The same, where both lie alike."""
    site.must_lie_alike()
    lower(layer, site)
