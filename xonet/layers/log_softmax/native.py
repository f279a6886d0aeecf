"""Kernels of `log_softmax`."""

from __future__ import annotations

from xonet.kernels import LANES, fma, kernel, lane_mask, load, load_scalar, maximum, reduce_add, select, splat, store
from xonet.kernels.mathematics import exp, log
from xonet.layers._native import Native
from xonet.layers._single_site import NoSinglePicture, SingleSite
from xonet.layers._site import Site
from xonet.layers.log_softmax import LogSoftmax


@kernel
def forward(x, y, pixels, channels):
    """Over the channels of each pixel; the largest score is taken away first, so that no power overflows."""
    for p in range(pixels):
        first = p * channels
        most = load(x, first)
        for c in range(1, channels):
            most = maximum(most, load(x, first + c))
        powers = splat(0.0)
        for c in range(channels):
            powers = powers + exp(load(x, first + c) - most)
        beyond = log(powers)
        for c in range(channels):
            store(y, first + c, load(x, first + c) - most - beyond)


@kernel
def backward(y, dy, dx, pixels, channels):
    """Gives dx = dy - e^y · Σ dy."""
    for p in range(pixels):
        first = p * channels
        total = splat(0.0)
        for c in range(channels):
            total = total + load(dy, first + c)
        for c in range(channels):
            store(dx, first + c, fma(-exp(load(y, first + c)), total, load(dy, first + c)))


def lower(layer: LogSoftmax, site: Site) -> None:
    """One row each way."""
    channels = site.shape.channels
    pixels = site.shape.size // channels
    site.forward(forward, site.x, site.y, pixels, channels)
    if site.dy is not None and site.dx is not None:
        site.backward(backward, site.y, site.dy, site.dx, pixels, channels)


@kernel
def forward_of_one(x, y, pixels, channels):
    """The same for one picture, where a pixel's channels fill up whole sixteens."""
    sixteens = (channels + LANES - 1) // LANES
    last = lane_mask(channels - (sixteens - 1) * LANES)
    for p in range(pixels):
        first = p * sixteens
        most = load_scalar(x, first * LANES)
        for c in range(1, channels):
            most = max(most, load_scalar(x, first * LANES + c))
        powers = 0.0
        for n in range(sixteens):
            power = exp(load(x, first + n) - most)
            if n + 1 == sixteens:
                power = select(last > 0.0, power, splat(0.0))
            powers += reduce_add(power)
        beyond = log(splat(powers))
        for n in range(sixteens):
            store(y, first + n, load(x, first + n) - most - beyond)


def lower_single(layer: LogSoftmax, site: SingleSite) -> None:
    """One row; not for values that a picture left with gaps between them."""
    if site.pixels > 1 and not site.output_shape.is_picture:
        raise NoSinglePicture
    site.forward(forward_of_one, site.x, site.y, site.pixels, site.channels)


NATIVE = Native(lower, lower_single)
