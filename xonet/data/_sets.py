"""The data of a network file: what it trains on, is watched on, and is measured on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xonet.data import DataError, Dataset, DataSource, Wanted
from xonet.data._split import split
from xonet.data.share import Share

if TYPE_CHECKING:
    from xonet.network.document import Data

NAMES = ("train", "validation", "test")


@dataclass
class Sets:
    """The sets that the file asks for, all with targets; None where it does not ask."""

    train: Dataset | None = None
    validation: Dataset | None = None
    test: Dataset | None = None
    notes: list[str] = field(default_factory=list)
    """What a user is told once about them."""


def load_sets(data: Data, wanted: Wanted, seed: int, only: Sequence[str] = NAMES) -> Sets:
    """Load the sets named in `only`; a share is taken out of the training data, by `seed`.

    Raises:
        DataError: where a file is missing, broken, or not what was expected, and where pictures have no labels.
    """
    sets = Sets()
    sources: dict[str, DataSource | None] = {name: getattr(data, name) for name in NAMES}
    shares = {name: source for name, source in sources.items() if isinstance(source, Share)}
    needed = {"train", *only} if not shares.keys().isdisjoint(only) else set(only)
    for name, source in sources.items():
        if source is not None and name not in shares and name in needed:
            loaded = source.load(wanted)
            if loaded.targets is None:
                raise DataError(f"data.{name}: expected pictures with labels, found {len(loaded)} without")
            setattr(sets, name, loaded)
            sets.notes += [note for note in loaded.notes if note not in sets.notes]
    left = 1.0
    for name, share in shares.items():
        if sets.train is not None:
            try:
                # the second share is of the whole, too, not of what the first one left
                sets.train, taken = split(sets.train, share.share / left, seed)
            except DataError as error:
                raise DataError(f"data.{name}: {error}") from None
            left -= share.share
            setattr(sets, name, taken)
    return sets
