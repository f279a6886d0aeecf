"""Kernels of `gaussian_noise`."""

from __future__ import annotations

from xonet.kernels import LANES, bits_to_f32, kernel, load, store, store_scalar
from xonet.kernels.mathematics import normal
from xonet.kernels.randomness import philox, unit
from xonet.layers._native import Native
from xonet.layers._site import Site
from xonet.layers.gaussian_noise import GaussianNoise


@kernel
def disturb(x, y, drawn, count, first, stddev, group, step, stream, seed):
    """Some values, from number `first`, which is even: four random words, kept in `drawn`, make two numbers."""
    for block in range((count + 1) // 2):
        for lane in range(LANES):
            words = philox(block + first // 2, group * LANES + lane, step, stream, seed, seed >> 32)
            for n in range(4):
                store_scalar(drawn, n * LANES + lane, unit(words[n]))
        for n in range(2):
            place = 2 * block + n
            if place < count:
                noise = normal(load(drawn, 2 * n), load(drawn, 2 * n + 1))
                store(y, place, load(x, place) + noise * bits_to_f32(stddev))


def lower(layer: GaussianNoise, site: Site) -> None:
    """In training only; the gradient is the output's own."""
    size, parts = site.shape.size, []
    drawn = site.program.take_scratch(4 * LANES)
    for part in site.shares(-(-size // 2), 8 * size):
        start = 2 * part.start
        row = site.row(
            disturb, site.x.plus(start * LANES), site.y.plus(start * LANES), drawn, min(size, 2 * part.stop) - start,
            start, layer.stddev, site.group, site.step, site.operation.index, site.seed,
        )  # fmt: skip
        parts.append([row._replace(in_place=(0, 1))])
    site.forward_parts(parts)


NATIVE = Native(lower)
