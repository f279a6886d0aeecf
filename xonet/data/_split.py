"""Splits shares off the training data, picture by picture.

Every picture has a number from 0 to 2^64 - 1, made from its key (or its place in the order) and the seed, and nothing
else: so which set it belongs to never depends on the pictures around it. Validation takes the lowest numbers, test the
highest: the two are disjoint, and neither moves the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from itertools import islice
from typing import TYPE_CHECKING

from xonet.data import DataError, Dataset, Look, Remark
from xonet.language.words import counted, same_name

if TYPE_CHECKING:
    import numpy as np

END = 1 << 64
GOLDEN, FIRST, SECOND = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
"""The constants of SplitMix64."""
COUNTED = 2000
"""How many pictures are counted one by one where none has been read yet."""
ONE_BY_ONE = 100_000
"""How many pictures are looked through without NumPy for one that is in a set; the others are so in blocks."""
BLOCK = 1 << 20
"""How many pictures a block has."""


def bounds(shares: Mapping[str, float]) -> dict[str, tuple[int, int]]:
    """The numbers of each share's pictures: from the first on, up to the second."""
    lengths = {role: round(share * END) for role, share in shares.items()}
    return {role: (END - length, END) if role == "test" else (0, length) for role, length in lengths.items()}


def number(base: int, seed: int) -> int:
    """A picture's number: SplitMix64 (Steele, Lea, Flood 2014, section 4) of its base and the seed."""
    return _mixed(base ^ _mixed(seed + GOLDEN))


def _mixed(value: int) -> int:
    value = (value + GOLDEN) % END
    value = (value ^ (value >> 30)) * FIRST % END
    value = (value ^ (value >> 27)) * SECOND % END
    return value ^ (value >> 31)


def base_of(key: str) -> int:
    """What stands for a key, in whatever Unicode form and with whatever separators it is written."""
    plain = same_name(key.replace("\\", "/"))
    return int.from_bytes(blake2b(plain.encode("utf-8", "surrogateescape"), digest_size=8).digest(), "big")


def numbers(count: int, keys: Sequence[str] | None, seed: int, first: int = 0) -> np.ndarray:
    """The numbers of `count` pictures, uint64, from the one at `first` on."""
    import numpy as np

    places = np.arange(first, first + count, dtype=np.uint64)
    base = places if keys is None else np.array([base_of(key) for key in keys[first : first + count]], np.uint64)
    value = (base ^ np.uint64(_mixed(seed + GOLDEN))) + np.uint64(GOLDEN)
    value = (value ^ (value >> np.uint64(30))) * np.uint64(FIRST)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(SECOND)
    return value ^ (value >> np.uint64(31))


def check_shares(look: Look, shares: Mapping[str, float], seed: int) -> None:
    """Refuse shares that leave one of the sets without a picture.

    Raises:
        DataError: `empty-share`.
    """
    if look.count is None or sum(shares.values()) >= 1:
        return
    bases = range(look.count) if look.keys is None else map(base_of, look.keys)
    limits = bounds(shares)
    missing = {"train", *shares}
    for base in islice(bases, ONE_BY_ONE):
        place = number(base, seed)
        missing.discard(next((role for role, (low, high) in limits.items() if low <= place < high), "train"))
        if not missing:
            return
    able = {role for role in missing if role == "train" or limits[role][0] < limits[role][1]}
    for first in range(ONE_BY_ONE, look.count, BLOCK):
        if able != missing:
            break  # a share of no number at all
        value = numbers(min(BLOCK, look.count - first), look.keys, seed, first)
        missing -= {role for role, chosen in _chosen(value, limits).items() if chosen.any()}
        able &= missing
        if not missing:
            return
    _refuse(missing, look.count, shares)


def _chosen(value: np.ndarray, limits: Mapping[str, tuple[int, int]]) -> dict[str, np.ndarray]:
    """For each set, which of the pictures with these numbers are in it."""
    import numpy as np

    taken, left = {}, np.ones(len(value), bool)
    for role, (low, high) in limits.items():
        chosen = np.zeros(len(value), bool)
        if low < high:
            chosen = (value >= np.uint64(low)) & (value <= np.uint64(high - 1))
        taken[role], left = chosen, left & ~chosen
    return {"train": left, **taken}


def trained_on(look: Look, shares: Mapping[str, float], seed: int) -> int | None:
    """How many pictures the shares leave to train on: exactly where there are few, otherwise about as many."""
    if look.count is None or not shares:
        return look.count
    if look.count > COUNTED:
        return max(0, look.count - sum(round(look.count * share) for share in shares.values()))
    limits = bounds(shares).values()
    bases = range(look.count) if look.keys is None else map(base_of, look.keys)
    places = [number(base, seed) for base in bases]
    return sum(not any(low <= place < high for low, high in limits) for place in places)


def split(dataset: Dataset, shares: Mapping[str, float], seed: int) -> dict[str, Dataset]:
    """The sets `train` and those of `shares` (validation, test), each in the order of `dataset`.

    Raises:
        DataError: `empty-share`, where one of them would be empty.
    """
    import numpy as np

    parts = _chosen(numbers(len(dataset), dataset.keys, seed), bounds(shares))
    missing = {role for role, chosen in parts.items() if not chosen.any()}
    if missing:
        _refuse(missing, len(dataset), shares)
    return {role: dataset.take(np.flatnonzero(chosen)) for role, chosen in parts.items()}


def _refuse(missing: set[str], count: int, shares: Mapping[str, float]) -> None:
    role = next(role for role in ("validation", "test", "train") if role in missing)
    share = max(shares.values()) if role == "train" else shares[role]
    raise DataError(
        f"a share of {share:g} of {counted(count, 'picture')} leaves none for {role}",
        code="empty-share",
        help=f"use a {'smaller' if role == 'train' else 'larger'} share, such as 0.5, another training.seed, "
        "or more pictures",
    )


def without_pictures(role: str, dataset: Dataset, classes: Sequence[str]) -> Remark | None:
    """A note about classes of which a set has no pictures."""
    import numpy as np

    targets = dataset.targets
    if targets is None or targets.ndim != 1 or not classes:
        return None
    counts = np.bincount(targets, minlength=len(classes))
    missing = [name for name, count in zip(classes, counts, strict=False) if not count]
    if not missing:
        return None
    others = f" and {len(missing) - 1} more" if missing[1:] else ""
    what = {"train": "learned", "validation": "watched", "test": "measured"}[role]
    return Remark(
        f"data.{role} has no pictures of the class {missing[0]}{others} ({len(missing)} of {len(classes)} classes), "
        f"which cannot be {what}",
        "add pictures of it, or use a different share" if role != "train" else "add pictures of it",
        "class-without-pictures",
    )
