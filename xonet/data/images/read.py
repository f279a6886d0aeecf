"""How `images` reads the picture files that were found."""

from __future__ import annotations

import numpy as np

from xonet.data import Dataset, Wanted
from xonet.data._prepare import Changes, picture
from xonet.data.images.look import Listing


def opened(listing: Listing, wanted: Wanted, knob: str) -> Dataset:
    """Every picture read, with its label's index and its path as its name.

    Raises:
        DataError: for a broken one.
    """
    rows = listing.rows
    changes = Changes()
    pictures = np.empty((len(rows), *wanted.shape), np.uint8)
    for index, row in enumerate(rows):
        pictures[index] = picture(row.path, wanted, changes)
    labels = [row.label for row in rows if row.label is not None]
    targets = np.array(labels) if labels else None
    notes = [*map(str, listing.remarks(knob)), *changes.notes(len(rows))]
    return Dataset(pictures, targets, [str(row.path) for row in rows], notes, [row.key for row in rows])
