"""Kernel of `noise`."""

from __future__ import annotations

import math

from xonet.data.augment._site import AugmentSite
from xonet.data.augment.noise import Noise
from xonet.kernels import LANES, bits_to_f32, kernel, load_scalar, store_scalar
from xonet.kernels.randomness import philox, unit


@kernel
def disturb(x, size, stddev, group, step, stream, seed):
    """Adds normal numbers (Box and Muller 1958); a block of four random words gives two of them."""
    for lane in range(LANES):
        for block in range((size + 1) // 2):
            words = philox(block, group * LANES + lane, step, stream, seed, seed >> 32)
            for n in range(2):
                place = 2 * block + n
                if place < size:
                    radius = math.sqrt(-2.0 * math.log(1.0 - float(unit(words[2 * n]))))
                    normal = radius * math.cos(2.0 * math.pi * float(unit(words[2 * n + 1])))
                    store_scalar(
                        x, place * LANES + lane, load_scalar(x, place * LANES + lane) + bits_to_f32(stddev) * normal
                    )


def lower(augmentation: Noise, site: AugmentSite) -> None:
    """One row."""
    site.row(disturb, site.x, site.shape.size, augmentation.stddev, site.group, site.step, site.stream, site.seed)
