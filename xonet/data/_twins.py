"""Finds the same picture in two sets, and twice in one with different labels, whatever it was read from.

Pictures are compared as they were prepared: by a hash of their bytes first, and then byte by byte.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import numpy as np

from xonet.data import Dataset, Remark
from xonet.language.words import counted

BLOCK = 1 << 24
"""Bytes that are hashed at once."""
FEW = 0.5
"""The share of different pictures in a set below which it is said that they repeat."""


def hashes(pictures: np.ndarray) -> np.ndarray:
    """A number for each picture, uint64: a sum of its 8-byte words, each times an odd number of its own.

    It is the same for the same bytes. For two others it is the same by chance, once in 2^64 or in a few more pairs.
    """
    width = max(1, pictures[:1].nbytes)
    words = -(-width // 8)
    multipliers = np.random.Generator(np.random.Philox(key=0)).integers(0, 1 << 63, words, np.uint64) * np.uint64(2)
    multipliers += np.uint64(1)
    found = np.empty(len(pictures), np.uint64)
    step = max(1, BLOCK // (8 * words))
    for start in range(0, len(pictures), step):
        block = np.ascontiguousarray(pictures[start : start + step])
        raw = block.reshape(len(block), -1).view(np.uint8)
        if width % 8:
            raw = np.pad(raw, ((0, 0), (0, -width % 8)))
        value = raw.view(np.uint64)
        # The high bits of a product depend on all of a word, the low ones only on its own low bits.
        value = (value ^ (value >> np.uint64(32))) @ multipliers
        found[start : start + step] = value ^ (value >> np.uint64(29))
    return found


class Twins:
    """Which pictures of all sets are the same: `group` holds, for each set, the number of each picture's group."""

    def __init__(self, sets: Mapping[str, Dataset]) -> None:
        self.sets = {role: dataset for role, dataset in sets.items() if len(dataset)}
        self.starts = dict(zip(self.sets, np.cumsum([0, *map(len, self.sets.values())]).tolist(), strict=False))
        every = [hashes(dataset.pictures) for dataset in self.sets.values()]
        _, first, group = np.unique(np.concatenate(every), return_index=True, return_inverse=True)
        group = group.ravel()
        number = np.arange(len(group))
        representative = first[group]
        for index in np.flatnonzero(representative != number):
            if not np.array_equal(self._picture(int(index)), self._picture(int(representative[index]))):
                representative[index] = index
        self.group = {role: representative[start : start + len(self.sets[role])] for role, start in self.starts.items()}

    def _picture(self, index: int) -> np.ndarray:
        role = next(role for role in reversed(self.starts) if self.starts[role] <= index)
        return np.asarray(self.sets[role].pictures[index - self.starts[role]])

    def name(self, role: str, index: int) -> str:
        """What a picture is called."""
        names = self.sets[role].names
        keys = self.sets[role].keys
        return f"picture {index}" if names is None or keys is None else names[index]

    def remarks(self, classes: tuple[str, ...]) -> list[Remark]:
        """What is told: one line for each two sets that share pictures, and one for contradictions in training."""
        told = [self._shared(*pair) for pair in combinations([r for r in ROLES if r in self.sets], 2)]
        return [remark for remark in (*told, self._contradictions(classes)) if remark]

    def _shared(self, earlier: str, later: str) -> Remark | None:
        """The pictures of `later` that are in `earlier` too."""
        known, asked = self.group[earlier], self.group[later]
        again = np.flatnonzero(np.isin(asked, known))
        if not len(again):
            return None
        first = int(again[0])
        twin = int(np.flatnonzero(known == asked[first])[0])
        different = len(np.unique(known))
        message = (
            f"{len(again):,} of {counted(len(asked), 'picture')} of data.{later} {'is' if len(again) == 1 else 'are'} "
            f"also in data.{earlier}, "
            f"identical to the pixel: {self.name(later, first)} is {self.name(earlier, twin)}"
        )
        if different < FEW * len(known):
            return Remark(
                f"{message}; data.{earlier} has {counted(different, 'different picture')} among {len(known):,}",
                "a score on them measures memorization; make the pictures vary, so that no two are the same",
                "same-picture",
            )
        return Remark(message, "a score on them measures memorization; remove them from one of the two", "same-picture")

    def _contradictions(self, classes: tuple[str, ...]) -> Remark | None:
        """Pictures of the training data that come again with another label."""
        train = self.sets.get("train")
        if train is None or train.targets is None or train.targets.ndim != 1 or not classes:
            return None
        group, targets = self.group["train"], train.targets
        pairs = np.unique(np.stack([group, targets]), axis=1)
        often, counts = np.unique(pairs[0], return_counts=True)
        torn = often[counts > 1]
        if not len(torn):
            return None
        members = np.flatnonzero(group == torn[0])
        first = int(members[0])
        other = int(members[targets[members] != targets[first]][0])
        return Remark(
            f"{int(np.isin(group, torn).sum()):,} pictures of data.train have different labels "
            f"although they are identical to the pixel: {self.name('train', first)} is {classes[targets[first]]}, "
            f"{self.name('train', other)} is {classes[targets[other]]}",
            "keep only the correct one",
            "same-picture",
        )


ROLES = ("train", "validation", "test")
