"""Kernels of `residual`: a sum."""

from __future__ import annotations

from xonet.kernels import kernel, load, maximum, splat, store
from xonet.kernels.elementwise import add
from xonet.layers._native import Native, ReluFusion
from xonet.layers._site import Site
from xonet.layers.residual import Residual


@kernel
def add_relu(a, b, y, count):
    """Y = a + b where that is positive, 0 elsewhere."""
    for i in range(count):
        store(y, i, maximum(load(a, i) + load(b, i), splat(0.0)))


def lower(layer: Residual, site: Site) -> None:
    """The sum forward; backward, each way's gradient is the sum's own."""
    site.must_lie_alike()
    kernel = add_relu if site.fused_relu else add
    site.forward_parts(site.by_value(kernel, [*site.xs, site.y], site.output_shape.size, in_place=(0, 2)))


NATIVE = Native(lower, lower_single=lower, relu=ReluFusion.EPILOGUE)
