"""The data of a network file: what it trains on, is watched on, and is measured on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xonet.data import Dataset, DataSource, Wanted
from xonet.data._split import split
from xonet.data.share import Share

if TYPE_CHECKING:
    from xonet.network.document import Data


@dataclass
class Sets:
    """The sets that the file asks for; None where it does not."""

    train: Dataset | None = None
    validation: Dataset | None = None
    test: Dataset | None = None
    notes: list[str] = field(default_factory=list)
    """What a user is told once about them."""


def load_sets(data: Data, wanted: Wanted, seed: int, only: tuple[str, ...] = ("train", "validation", "test")) -> Sets:
    """Load the sets named in `only`; a share is taken out of the training data, by `seed`.

    Raises:
        DataError: where a file is missing, broken, or not what was expected.
    """
    sets = Sets()
    shares = {name: source for name in ("validation", "test") if isinstance(source := getattr(data, name), Share)}
    for name in ("train", "validation", "test"):
        source: DataSource | None = getattr(data, name)
        from_train = name == "train" and any(share in only for share in shares)
        if source is not None and name not in shares and (name in only or from_train):
            loaded = source.load(wanted)
            setattr(sets, name, loaded)
            sets.notes += [note for note in loaded.notes if note not in sets.notes]
    left = 1.0
    for name, share in shares.items():
        if sets.train is not None:
            # the second share is of the whole, too, not of what the first one left
            sets.train, taken = split(sets.train, share.share / left, seed)
            left -= share.share
            setattr(sets, name, taken)
    return sets
