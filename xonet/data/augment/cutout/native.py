"""Kernel of `cutout`."""

from __future__ import annotations

import numpy as np

from xonet.data.augment._site import AugmentSite
from xonet.data.augment.cutout import Cutout
from xonet.kernels import LANES, kernel, store_scalar
from xonet.kernels.randomness import philox, unit


@kernel
def cover(x, height, width, channels, size, group, step, stream, seed):
    """Each lane's square, as far as it is inside the picture."""
    for lane in range(LANES):
        words = philox(0, group * LANES + lane, step, stream, seed, seed >> 32)
        top = min(np.int64(unit(words[0]) * np.float32(height)), height - 1) - size // 2
        left = min(np.int64(unit(words[1]) * np.float32(width)), width - 1) - size // 2
        for i in range(max(top, 0), min(top + size, height)):
            for j in range(max(left, 0), min(left + size, width)):
                for c in range(channels):
                    store_scalar(x, ((i * width + j) * channels + c) * LANES + lane, np.float32(0))


def lower(augmentation: Cutout, site: AugmentSite) -> None:
    """One row."""
    site.row(cover, site.x, *site.shape, augmentation.size, site.group, site.step, site.stream, site.seed)
