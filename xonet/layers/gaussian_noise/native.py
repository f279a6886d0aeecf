"""Kernels of `gaussian_noise`."""

from __future__ import annotations

from xonet.kernels import LANES, absolute, bits_to_f32, fma, kernel, load, sqrt, store, store_scalar
from xonet.kernels.mathematics import cosine_of_turns, log
from xonet.kernels.randomness import philox, unit
from xonet.layers._native import Native
from xonet.layers._site import Site
from xonet.layers.gaussian_noise import GaussianNoise

BLOCKS = 32
"""Of four random words, drawn at once: one picture's next to each other, so that several are computed side by side."""


@kernel
def disturb(x, y, drawn, count, first, stddev, group, step, stream, seed):
    """Some values, from number `first`, a multiple of four: random words, kept in `drawn`, make as many numbers."""
    for begin in range(0, count, 4 * BLOCKS):
        some = min(4 * BLOCKS, count - begin)
        for lane in range(LANES):
            for block in range((some + 3) // 4):
                counter = (first + begin) // 4 + block
                words = philox(counter, group * LANES + lane, step, stream, seed, seed >> 32)
                for n in range(4):
                    store_scalar(drawn, (4 * block + n) * LANES + lane, unit(words[n]))
        for n in range(0, some, 2):
            radius, turns = sqrt(log(1.0 - load(drawn, n)) * -2.0) * bits_to_f32(stddev), load(drawn, n + 1)
            store(y, begin + n, fma(radius, cosine_of_turns(turns), load(x, begin + n)))
            if n + 1 < some:
                sine = cosine_of_turns(absolute(turns - 0.25))
                store(y, begin + n + 1, fma(radius, sine, load(x, begin + n + 1)))


def lower(layer: GaussianNoise, site: Site) -> None:
    """In training only; the gradient is the output's own."""
    size, parts = site.shape.size, []
    drawn = site.program.take_scratch(4 * BLOCKS * LANES)
    for part in site.shares(-(-size // 4), 8 * size):
        start = 4 * part.start
        row = site.row(
            disturb, site.x.plus(start * LANES), site.y.plus(start * LANES), drawn, min(size, 4 * part.stop) - start,
            start, layer.stddev, site.group, site.step, site.operation.index, site.seed,
        )  # fmt: skip
        parts.append([row._replace(in_place=(0, 1))])
    site.forward_parts(parts)


NATIVE = Native(lower)
