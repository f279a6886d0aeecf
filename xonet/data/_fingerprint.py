"""A fingerprint of prepared data: whether two sets hold the same pictures with the same targets, in the same order."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from xonet.data import Dataset
from xonet.data._threads import submit

BYTES_PER_PART = 4 << 20
"""What one thread hashes at a time; part of what a fingerprint means."""


def fingerprint(dataset: Dataset) -> str:
    """32 hexadecimal digits over shape, type and every value of pictures and targets; names do not count.

    Parts are hashed by several threads and then their hashes, in order: 47 MB (MNIST) take some 30 milliseconds.
    """
    whole = hashlib.blake2b(digest_size=16)
    arrays = [dataset.pictures, *([] if dataset.targets is None else [dataset.targets])]
    with ThreadPoolExecutor(max_workers=4) as pool:
        for array in arrays:
            whole.update(f"{array.shape}{array.dtype.str}".encode())
            values = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
            parts = [values[begin : begin + BYTES_PER_PART] for begin in range(0, len(values), BYTES_PER_PART)]
            for part in [submit(pool, _hash, part) for part in parts]:
                whole.update(part.result())
    return whole.hexdigest()


def _hash(part: np.ndarray) -> bytes:
    return hashlib.sha1(part.data, usedforsecurity=False).digest()
