"""Random numbers that are a function of where they are used: Philox4x32-10, as `xonet.randomness` has it in NumPy."""

from __future__ import annotations

import numpy as np

from xonet.kernels import helper

MASK = 0xFFFFFFFF
MULTIPLIER_0, MULTIPLIER_1 = 0xD2511F53, 0xCD9E8D57
WEYL_0, WEYL_1 = 0x9E3779B9, 0xBB67AE85


@helper
def philox(c0, c1, c2, c3, key_0, key_1):
    """Four random uint32 (as int64) for a counter of four and a key of two.

    Salmon, Moraes, Dror and Shaw 2011, Parallel Random Numbers: As Easy as 1, 2, 3, section 3.3.
    """
    c0, c1, c2, c3 = np.uint64(c0 & MASK), np.uint64(c1 & MASK), np.uint64(c2 & MASK), np.uint64(c3 & MASK)
    k0, k1, low = np.uint64(key_0 & MASK), np.uint64(key_1 & MASK), np.uint64(MASK)
    for _ in range(10):
        p0, p1 = np.uint64(MULTIPLIER_0) * c0, np.uint64(MULTIPLIER_1) * c2
        c0, c1, c2, c3 = (p1 >> np.uint64(32)) ^ c1 ^ k0, p1 & low, (p0 >> np.uint64(32)) ^ c3 ^ k1, p0 & low
        k0, k1 = (k0 + np.uint64(WEYL_0)) & low, (k1 + np.uint64(WEYL_1)) & low
    return np.int64(c0), np.int64(c1), np.int64(c2), np.int64(c3)


@helper
def unit(word):
    """A uint32 as a float32 in [0, 1): its upper 24 bits."""
    return np.float32(word >> 8) * np.float32(5.9604644775390625e-08)
