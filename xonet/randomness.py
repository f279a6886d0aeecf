"""Random numbers by counting: each is a function of where it is used, not of what was drawn before it.

A number belongs to a seed, a stream (who draws), a step, a picture's place in the batch, and a position in the picture.
So it is the same on any number of threads, after a resume, and in the compiled engine, which computes the same.
The generator is Philox4x32-10 (Salmon et al. 2011, Parallel Random Numbers: As Easy as 1, 2, 3, section 3).
"""

from __future__ import annotations

import numpy as np

ROUNDS = 10
MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
KEY_STEPS = (0x9E3779B9, 0xBB67AE85)
"""The golden ratio and sqrt(3) - 1, as fractions of 2^32: what the keys are raised by from round to round."""
SHUFFLE_STREAM = 0xFFFFFFFF
"""The stream of `permutation`; operations use their own index as theirs."""

AUGMENT_STREAM = 1 << 20
"""The stream of the first augmentation; the others follow."""

_LOW = np.uint64(0xFFFFFFFF)
_HIGH = np.uint64(32)

Word = np.ndarray | np.uint32 | int
"""Numbers below 2^32."""


def philox(
    counter0: Word, counter1: Word, counter2: Word, counter3: Word, key0: Word, key1: Word
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Four random words for each counter and key: uint32 arrays of the arguments' broadcast shape."""
    c0, c1, c2, c3, k0, k1 = (
        np.asarray(word, np.uint64) for word in (counter0, counter1, counter2, counter3, key0, key1)
    )
    m0, m1 = map(np.uint64, MULTIPLIERS)
    for _ in range(ROUNDS):
        product0, product1 = m0 * c0, m1 * c2
        c0, c1, c2, c3 = (product1 >> _HIGH) ^ c1 ^ k0, product1 & _LOW, (product0 >> _HIGH) ^ c3 ^ k1, product0 & _LOW
        k0, k1 = (k0 + np.uint64(KEY_STEPS[0])) & _LOW, (k1 + np.uint64(KEY_STEPS[1])) & _LOW
    # every word has met every argument by now, and is of their common shape
    return c0.astype(np.uint32), c1.astype(np.uint32), c2.astype(np.uint32), c3.astype(np.uint32)


def uniform(seed: int, stream: int, step: int, pictures: int, count: int) -> np.ndarray:
    """(pictures, count) float32 numbers in [0, 1), multiples of 2^-24.

    Position p of picture b is word p % 4 of philox(counter = (p // 4, b, step, stream), key = the seed's low and high
    32 bits), without its lowest 8 bits.
    """
    blocks = np.arange((count + 3) // 4)[None, :]
    words = philox(blocks, np.arange(pictures)[:, None], step, stream, *_key(seed))
    inside = np.stack(words, axis=-1).reshape(pictures, -1)[:, :count]
    return (inside >> np.uint32(8)).astype(np.float32) * np.float32(2.0**-24)


def normal(seed: int, stream: int, step: int, pictures: int, count: int) -> np.ndarray:
    """(pictures, count) float32 numbers of mean 0 and variance 1, by Box and Muller 1958.

    Position p uses the uniform numbers 2p and 2p + 1.
    """
    pairs = uniform(seed, stream, step, pictures, 2 * count).astype(np.float64)
    # 1 - u is never 0: a logarithm exists.
    radius = np.sqrt(-2 * np.log(1 - pairs[:, 0::2]))
    return (radius * np.cos(2 * np.pi * pairs[:, 1::2])).astype(np.float32)


def permutation(seed: int, epoch: int, count: int) -> np.ndarray:
    """The numbers below `count` in an order of their own for every epoch: int64, by sorting random 64-bit keys."""
    high, low, _, _ = philox(np.arange(count), 0, epoch, SHUFFLE_STREAM, *_key(seed))
    keys = (high.astype(np.uint64) << _HIGH) | low
    order = np.argsort(keys)
    ascending = keys[order]
    if (ascending[1:] == ascending[:-1]).any():  # hardly ever; on some machines their order would be another
        return np.argsort(keys, kind="stable")
    return order


def _key(seed: int) -> tuple[int, int]:
    """The seed's low and high 32 bits."""
    return seed & 0xFFFFFFFF, (seed >> 32) & 0xFFFFFFFF
