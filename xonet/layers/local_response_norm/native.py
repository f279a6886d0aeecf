"""Kernels of `local_response_norm`."""

from __future__ import annotations

from xonet.kernels import LANES, bits_to_f32, fma, kernel, load, load_scalar, splat, store, store_scalar
from xonet.kernels.mathematics import power
from xonet.kernels.sliding import clear
from xonet.layers._native import Native
from xonet.layers._single_site import NoSinglePicture, SingleSite
from xonet.layers._site import Site
from xonet.layers.local_response_norm import LocalResponseNorm
from xonet.program.rows import Parts, Ref


@kernel
def window_sums(x, y, outer, length, inner, row_size, before, behind, squares):
    """Sums over neighbours along the middle of three axes (outer, length, row_size), of the squares if that is not 0.

    `inner`: how many of `row_size` are summed.
    """
    for o in range(outer):
        for n in range(length):
            first, end = max(0, n - before), min(length, n + behind + 1)
            for c in range(inner):
                total = splat(0.0)
                for m in range(first, end):
                    value = load(x, (o * length + m) * row_size + c)
                    total = fma(value, value, total) if squares != 0 else total + value
                store(y, (o * length + n) * row_size + c, total)


@kernel
def forward(x, base, y, count, factor, k, beta):
    """Y = x / (k + factor · sum)^beta; what the power is taken of replaces the sums in `base`."""
    for i in range(count):
        value = fma(load(base, i), splat(bits_to_f32(factor)), splat(bits_to_f32(k)))
        store(base, i, value)
        store(y, i, load(x, i) * power(value, -bits_to_f32(beta)))


@kernel
def take(x, base, dy, taken, dx, count, beta):
    """A value's own share of the gradient to dx, and what its neighbours lose by it, but for a factor, to `taken`."""
    for i in range(count):
        own = load(dy, i) * power(load(base, i), -bits_to_f32(beta))
        store(taken, i, own * load(x, i) / load(base, i))
        store(dx, i, own)


@kernel
def backward(x, taken, dx, count, slope):
    """Dx less what is taken from it."""
    for i in range(count):
        store(dx, i, fma(load(x, i) * load(taken, i), splat(-bits_to_f32(slope)), load(dx, i)))


def lower(layer: LocalResponseNorm, site: Site) -> None:
    """Sums over windows, and what is made of them, either way."""
    size = site.shape.size
    base = site.program.take_activations(size)
    for parts in _sums(layer, site, site.x, base, layer.window, squares=True):
        site.forward_parts(parts)
    more = (layer.factor, layer.k, layer.beta)
    site.forward_parts(site.by_value(forward, [site.x, base, site.y], size, *more))
    if site.dy is None or site.dx is None:
        return
    taken, sums = (site.program.take_activations(size) for _ in range(2))
    places = [site.x, base, site.dy, taken, site.dx]
    site.backward_parts(site.by_value(take, places, size, layer.beta, in_place=(2, 4)))
    for parts in _sums(layer, site, taken, sums, layer.window[::-1]):
        site.backward_parts(parts)
    site.backward_parts(site.by_value(backward, [site.x, sums, site.dx], size, 2 * layer.factor * layer.beta))


def _sums(
    layer: LocalResponseNorm, site: Site, x: Ref, y: Ref, window: tuple[int, int], squares: bool = False
) -> list[Parts]:
    """Stages that sum over windows: along the channels, or along rows and then columns."""
    if layer.region == "across":
        channels = site.shape.channels
        pixels = site.shape.size // channels
        return [_along(site, x, y, (pixels, channels, 1), window, squares)]
    height, width, channels = site.shape
    between = site.program.take_activations(site.shape.size)
    return [
        _along(site, x, between, (height, width, channels), window, squares),
        _along(site, between, y, (1, height, width * channels), window, False),
    ]


def _along(site: Site, x: Ref, y: Ref, axes: tuple[int, int, int], window: tuple[int, int], squares: bool) -> Parts:
    """Sums along the middle one of three axes, cut along another."""
    outer, length, inner = axes
    row, work = site.row, site.shape.size * (sum(window) + 1)
    if outer > 1:
        return [
            [
                row(
                    window_sums, *(place.plus(part.start * length * inner * LANES) for place in (x, y)),
                    len(part), length, inner, inner, *window, squares,
                )
            ]
            for part in site.shares(outer, work)
        ]  # fmt: skip
    return [
        [
            row(
                window_sums, *(place.plus(part.start * LANES) for place in (x, y)),
                1, length, len(part), inner, *window, squares,
            )
        ]
        for part in site.shares(inner, work)
    ]  # fmt: skip


@kernel
def squares_of_one(x, base, pixels, channels, before, behind):
    """Sums of squares over neighbouring channels of one picture, sixteen channels beside each other."""
    row_size = (channels + LANES - 1) // LANES * LANES
    clear(base, pixels * row_size // LANES)
    for p in range(pixels):
        for c in range(channels):
            total = 0.0
            for n in range(max(0, c - before), min(channels, c + behind + 1)):
                total += load_scalar(x, p * row_size + n) * load_scalar(x, p * row_size + n)
            store_scalar(base, p * row_size + c, total)


def lower_single(layer: LocalResponseNorm, site: SingleSite) -> None:
    """The rows of groups within channels, rows of their own across them.

    Raises:
        NoSinglePicture: for values that a picture left with gaps between them.
    """
    if site.pixels > 1 and not site.output_shape.is_picture:
        raise NoSinglePicture
    if layer.region == "within":
        lower(layer, site)
        return
    size = site.shape.size
    base = site.program.take_activations(size)
    site.forward(squares_of_one, site.x, base, site.pixels, site.channels, *layer.window)
    more = (layer.factor, layer.k, layer.beta)
    site.forward_parts(site.by_value(forward, [site.x, base, site.y], size, *more))


NATIVE = Native(lower, lower_single)
