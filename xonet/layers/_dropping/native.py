"""Kernels of layers that leave something out during training."""

from __future__ import annotations

from xonet.kernels import LANES, bits_to_f32, kernel, load, store, store_scalar
from xonet.kernels.randomness import philox, unit
from xonet.layers._dropping import Dropping
from xonet.layers._native import Native
from xonet.layers._site import Site
from xonet.program.rows import Parts, Ref


@kernel
def draw(kept, count, first, rate, group, step, stream, seed):
    """Draws by what each is multiplied: 0 where it is dropped; `first`, a multiple of four, is the first's number."""
    factor = 1.0 / (1.0 - bits_to_f32(rate))
    for lane in range(LANES):
        for block in range((count + 3) // 4):
            words = philox(block + first // 4, group * LANES + lane, step, stream, seed, seed >> 32)
            for n in range(4):
                place = 4 * block + n
                if place < count:
                    store_scalar(kept, place * LANES + lane, factor if unit(words[n]) >= bits_to_f32(rate) else 0.0)


@kernel
def drop(x, kept, y, count):
    """Each value times its own factor; the gradient goes the same way."""
    for i in range(count):
        store(y, i, load(x, i) * load(kept, i))


@kernel
def drop_channels(x, kept, y, pixels, channels):
    """Each pixel's channels times their factors."""
    for p in range(pixels):
        for c in range(channels):
            store(y, p * channels + c, load(x, p * channels + c) * load(kept, c))


@kernel
def drop_pictures(x, kept, y, count):
    """All values of a picture times its factor."""
    factor = load(kept, 0)
    for i in range(count):
        store(y, i, load(x, i) * factor)


def lower(layer: Dropping, site: Site) -> None:
    """In training only; outside it there is no row at all."""
    drawn = layer.drawn(site.shape)
    kept = site.program.take_activations(drawn)
    where = (layer.rate, site.group, site.step, site.operation.index, site.seed)
    blocks = site.shares(-(-drawn // 4), 8 * drawn)
    site.forward_parts(
        [
            [
                site.row(
                    draw, kept.plus(4 * part.start * LANES), min(drawn, 4 * part.stop) - 4 * part.start,
                    4 * part.start, *where,
                )
            ]
            for part in blocks
        ]
    )  # fmt: skip
    site.forward_parts(_parts(site, site.x, kept, site.y, drawn))
    if site.dy is not None and site.dx is not None:
        site.backward_parts(_parts(site, site.dy, kept, site.dx, drawn))


def _parts(site: Site, x: Ref, kept: Ref, y: Ref, drawn: int) -> Parts:
    size = site.shape.size
    if drawn == size:
        return site.by_value(drop, [x, kept, y], size, in_place=(0, 2))
    parts = []
    for part in site.shares(size // drawn, size):
        start = part.start * drawn * LANES
        if drawn == 1:
            row = site.row(drop_pictures, x.plus(start), kept, y.plus(start), len(part))
        else:
            row = site.row(drop_channels, x.plus(start), kept, y.plus(start), len(part), drawn)
        parts.append([row._replace(in_place=(0, 2))])
    return parts


NATIVE = Native(lower)
