"""Kernels of `dropout`."""

from __future__ import annotations

from xonet.kernels import LANES, bits_to_f32, kernel, load, store, store_scalar
from xonet.kernels.randomness import philox, unit
from xonet.layers._native import Native
from xonet.layers._site import Site
from xonet.layers.dropout import Dropout


@kernel
def forward(x, y, kept, count, rate, group, step, stream, seed):
    """Draws for each value whether it is kept, and by what it is multiplied then; `kept` remembers it."""
    factor = 1.0 / (1.0 - bits_to_f32(rate))
    for lane in range(LANES):
        for block in range((count + 3) // 4):
            words = philox(block, group * LANES + lane, step, stream, seed, seed >> 32)
            for n in range(4):
                place = 4 * block + n
                if place < count:
                    store_scalar(kept, place * LANES + lane, factor if unit(words[n]) >= bits_to_f32(rate) else 0.0)
    for i in range(count):
        store(y, i, load(x, i) * load(kept, i))


@kernel
def backward(dy, dx, kept, count):
    """What was dropped gets nothing."""
    for i in range(count):
        store(dx, i, load(dy, i) * load(kept, i))


def lower(layer: Dropout, site: Site) -> None:
    """In training only; outside it there is no row at all."""
    size = site.shape.size
    kept = site.program.take_activations(size)
    site.forward(
        forward, site.x, site.y, kept, size, layer.rate, site.group, site.step, site.operation.index, site.seed
    )
    if site.dy is not None and site.dx is not None:
        site.backward_parts(site.by_value(backward, [site.dy, site.dx, kept], size, in_place=(0, 1)))


NATIVE = Native(lower)
