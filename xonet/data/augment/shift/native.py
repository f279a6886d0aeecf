"""Kernel of `shift`."""

from __future__ import annotations

import numpy as np

from xonet.data.augment._site import AugmentSite
from xonet.data.augment.shift import Shift
from xonet.kernels import LANES, kernel, load, load_scalar, store, store_scalar
from xonet.kernels.randomness import philox, unit


@kernel
def move(x, old, height, width, channels, pixels, group, step, stream, seed):
    """Each lane's picture by what it drew, its edge repeated; `old` holds the pictures as they were meanwhile."""
    for i in range(height * width * channels):
        store(old, i, load(x, i))
    places = 2 * pixels + 1
    for lane in range(LANES):
        words = philox(0, group * LANES + lane, step, stream, seed, seed >> 32)
        down = min(np.int64(unit(words[0]) * np.float32(places)), places - 1) - pixels
        right = min(np.int64(unit(words[1]) * np.float32(places)), places - 1) - pixels
        for i in range(height):
            row = min(max(i - down, 0), height - 1)
            for j in range(width):
                column = min(max(j - right, 0), width - 1)
                for c in range(channels):
                    value = load_scalar(old, ((row * width + column) * channels + c) * LANES + lane)
                    store_scalar(x, ((i * width + j) * channels + c) * LANES + lane, value)


def lower(augmentation: Shift, site: AugmentSite) -> None:
    """One row."""
    old = site.program.take_scratch(site.shape.size * LANES)
    site.row(move, site.x, old, *site.shape, augmentation.pixels, site.group, site.step, site.stream, site.seed)
