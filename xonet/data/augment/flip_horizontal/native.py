"""Kernel of `flip_horizontal`."""

from __future__ import annotations

from xonet.data.augment._site import AugmentSite
from xonet.data.augment.flip_horizontal import FlipHorizontal
from xonet.kernels import LANES, bits_to_f32, kernel, load_scalar, store_scalar
from xonet.kernels.randomness import philox, unit


@kernel
def mirror(x, height, width, channels, probability, group, step, stream, seed):
    """Swaps each value of the left half with its opposite, in the lanes that drew less than the probability."""
    for lane in range(LANES):
        words = philox(0, group * LANES + lane, step, stream, seed, seed >> 32)
        if unit(words[0]) < bits_to_f32(probability):
            for i in range(height):
                for j in range(width // 2):
                    for c in range(channels):
                        left = ((i * width + j) * channels + c) * LANES + lane
                        right = ((i * width + width - 1 - j) * channels + c) * LANES + lane
                        value = load_scalar(x, left)
                        store_scalar(x, left, load_scalar(x, right))
                        store_scalar(x, right, value)


def lower(augmentation: FlipHorizontal, site: AugmentSite) -> None:
    """One row."""
    site.row(mirror, site.x, *site.shape, augmentation.probability, site.group, site.step, site.stream, site.seed)
