"""Kernels of `prelu`."""

from __future__ import annotations

from xonet.kernels import (
    LANES,
    Kernel,
    fma,
    kernel,
    load,
    load_first,
    load_scalar,
    reduce_add,
    select,
    splat,
    store,
    store_scalar,
)
from xonet.layers._native import Native
from xonet.layers._single_site import NoSinglePicture, SingleSite
from xonet.layers._site import Site
from xonet.layers.prelu import Prelu
from xonet.program.rows import Parts, Ref


@kernel
def forward(x, slopes, y, pixels, channels):
    """Some pixels."""
    for p in range(pixels):
        for c in range(channels):
            value = load(x, p * channels + c)
            store(y, p * channels + c, select(value > 0.0, value, value * load_scalar(slopes, c)))


@kernel
def backward(x, dy, slopes, dx, pixels, channels):
    """The gradient of the input, at some pixels."""
    for p in range(pixels):
        for c in range(channels):
            gradient = load(dy, p * channels + c)
            store(
                dx,
                p * channels + c,
                select(load(x, p * channels + c) > 0.0, gradient, gradient * load_scalar(slopes, c)),
            )


@kernel
def add_to_slopes(x, dy, slopes, pixels, channels, pixel_stride):
    """The gradients of some channels' slopes; a picture that counts for nothing has a dy of 0."""
    for c in range(channels):
        total = splat(0.0)
        for p in range(pixels):
            value = load(x, p * pixel_stride + c)
            total = fma(load(dy, p * pixel_stride + c), select(value > 0.0, splat(0.0), value), total)
        store_scalar(slopes, c, load_scalar(slopes, c) + reduce_add(total))


@kernel
def forward_of_one(x, slopes, y, pixels, channels):
    """The same for one picture, where a pixel's channels fill up whole sixteens."""
    sixteens = (channels + LANES - 1) // LANES
    for n in range(sixteens):
        own = load_first(slopes, n * LANES, channels - n * LANES)
        for p in range(pixels):
            value = load(x, p * sixteens + n)
            store(y, p * sixteens + n, select(value > 0.0, value, value * own))


def lower(layer: Prelu, site: Site) -> None:
    """The slopes' gradients come before that of the input, which may lie over dy."""
    channels = site.shape.channels
    pixels, pixel, slopes = site.shape.size // channels, channels * LANES, site.parameter("slopes")

    def by_pixel(kernel: Kernel, places: list[Ref], in_place: tuple[int, int]) -> Parts:
        parts = []
        for part in site.shares(pixels, site.shape.size):
            *before, after = (place.plus(part.start * pixel) for place in places)
            row = site.row(kernel, *before, slopes, after, len(part), channels)
            parts.append([row._replace(in_place=in_place)])
        return parts

    site.forward_parts(by_pixel(forward, [site.x, site.y], (0, 2)))
    if site.dy is None:
        return
    learned = site.gradient("slopes")
    if learned is not None:
        x, dy = site.x, site.dy
        site.backward_parts(
            [
                [
                    site.row(
                        add_to_slopes, x.plus(c.start * LANES), dy.plus(c.start * LANES), learned.plus(c.start),
                        pixels, len(c), channels,
                    )
                ]
                for c in site.shares(channels, site.shape.size)
            ]
        )  # fmt: skip
    if site.dx is not None:
        site.backward_parts(by_pixel(backward, [site.x, site.dy, site.dx], (1, 3)))


def lower_single(layer: Prelu, site: SingleSite) -> None:
    """One row; not for values that a picture left with gaps between them."""
    if site.pixels > 1 and not site.output_shape.is_picture:
        raise NoSinglePicture
    site.forward(forward_of_one, site.x, site.parameter("slopes"), site.y, site.pixels, site.channels)


NATIVE = Native(lower, lower_single)
