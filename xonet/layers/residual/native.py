"""Kernels of `residual`: a sum."""

from __future__ import annotations

from itertools import pairwise

from xonet.kernels import LANES, kernel, larger, load, splat, store
from xonet.kernels.elementwise import add
from xonet.layers._native import Native, ReluFusion
from xonet.layers._single import PARTS
from xonet.layers._single_site import SingleSite
from xonet.layers._site import Site
from xonet.layers.residual import Residual

MANY = 512
"""Sixteens of one picture that are worth to be shared out between threads."""


@kernel
def add_rectified(a, b, y, count):
    """Y = a + b where that is positive, 0 elsewhere."""
    for i in range(count):
        store(y, i, larger(load(a, i) + load(b, i), splat(0.0)))


def lower(layer: Residual, site: Site) -> None:
    """The sum forward; backward, each way's gradient is the sum's own."""
    kernel = add_rectified if site.rectify else add
    site.forward_parts(site.by_value(kernel, [*site.xs, site.y], site.output_shape.size, over=(0, 2)))


def lower_single(layer: Residual, site: SingleSite) -> None:
    """The same in parts, where both lie alike."""
    site.must_lie_alike()
    kernel, size = add_rectified if site.rectify else add, site.output_shape.size
    count = PARTS if size >= MANY else 1
    ends = [n * size // count for n in range(count + 1)]
    site.forward_parts(
        [
            [site.row(kernel, *(place.plus(LANES * first) for place in (*site.xs, site.y)), end - first)]
            for first, end in pairwise(ends)
        ]
    )


NATIVE = Native(lower, lower_single, relu=ReluFusion.EPILOGUE)
