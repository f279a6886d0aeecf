"""Kernels of `branches`: the merge."""

from __future__ import annotations

from xonet.kernels import bits_to_f32, kernel, load, single, store
from xonet.kernels.elementwise import move
from xonet.layers._native import Native
from xonet.layers._single_site import SingleSite
from xonet.layers._site import Site
from xonet.layers.branches import Branches
from xonet.layers.branches._rows import largest, multiply, multiply_single


@kernel
def scale_and_add(a, y, count, factor, begin):
    """Y = factor · a where it begins, y + factor · a after that."""
    for i in range(count):
        value = load(a, i) * bits_to_f32(factor)
        if begin == 0:
            value = value + load(y, i)
        store(y, i, value)


def lower(layer: Branches, site: Site) -> None:
    """Channels side by side, a sum, a product, or the largest."""
    if layer.merge == "multiply":
        multiply(site)
        return
    if layer.merge == "max":
        largest(site)
        return
    size, channels = site.output_shape.size, site.output_shape.channels
    if layer.merge == "concat":
        pixels, first = size // channels, 0
        for x, dx, shape in zip(site.xs, site.dxs, site.shapes, strict=True):
            site.forward(move, x, shape.channels, site.y.plus(16 * first), channels, shape.channels, pixels)
            if site.dy is not None and dx is not None:
                site.backward(move, site.dy.plus(16 * first), channels, dx, shape.channels, shape.channels, pixels)
            first += shape.channels
        return
    factor = 1.0 / len(site.xs) if layer.merge == "mean" else 1.0
    for number, (x, dx) in enumerate(zip(site.xs, site.dxs, strict=True)):
        site.forward(scale_and_add, x, site.y, size, factor, number == 0)
        if site.dy is not None and dx is not None and layer.merge == "mean":
            site.backward(scale_and_add, site.dy, dx, size, factor, 1)


def lower_single(layer: Branches, site: SingleSite) -> None:
    """Channels side by side, wherever they begin in a sixteen; or a sum of what lies alike."""
    if layer.merge == "multiply":
        multiply_single(site)
        return
    if layer.merge != "concat":
        site.must_lie_alike()
        lower(layer, site)
        return
    first = 0
    for x, form in zip(site.xs, site.forms, strict=True):
        picture = site.output_shape.is_picture
        site.forward(
            single.respace, x, form.pixel_stride, site.y.plus(first),
            site.y_pixel_stride if picture else form.channels, form.pixels, form.channels,
        )  # fmt: skip
        first += form.channels if picture else form.channels * form.pixels


NATIVE = Native(lower, lower_single)
