"""Takes a share of the training data out of it, with as much of every class."""

from __future__ import annotations

import numpy as np

from xonet.data import DataError, Dataset


def split(dataset: Dataset, share: float, seed: int) -> tuple[Dataset, Dataset]:
    """(rest, taken): `taken` has `share` of every class, rounded to whole pictures, drawn by `seed`.

    Both keep the order of `dataset`. Pictures without classes are drawn as one class.

    Raises:
        DataError: where one of the two would be empty.
    """
    targets = dataset.targets
    if targets is None or targets.ndim != 1:
        targets = np.zeros(len(dataset), np.int64)
    generator = np.random.Generator(np.random.Philox(key=seed))
    chosen = np.zeros(len(dataset), bool)
    for label in np.unique(targets):
        members = generator.permutation(np.flatnonzero(targets == label))
        chosen[members[: round(len(members) * share)]] = True
    if chosen.all() or not chosen.any():
        raise DataError(
            f"a share of {share:g} cannot be taken out of {len(dataset)} picture(s): one part would be empty"
        )
    return dataset.take(np.flatnonzero(~chosen)), dataset.take(np.flatnonzero(chosen))
