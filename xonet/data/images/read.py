"""How `images` reads the picture files that were found."""

from __future__ import annotations

import numpy as np

from xonet.data import Dataset, Wanted
from xonet.data._reading import read_pictures, whole
from xonet.data.images import Images
from xonet.data.images.look import listed


def read(images: Images, wanted: Wanted) -> Dataset:
    """Every picture read, with its label's index and its path as its name.

    Raises:
        DataError: for broken ones: all of them in one line.
    """
    listing, knob = listed(images, wanted), images.paths()[0][0]
    rows = listing.rows
    pictures, failures, changes = read_pictures([row.path for row in rows], wanted)
    whole(failures, len(rows), knob)
    labels = [row.label for row in rows if row.label is not None]
    targets = np.array(labels, np.int64 if wanted.classes else np.float32) if labels else None
    notes = [*map(str, listing.remarks(knob)), *changes.notes(len(rows))]
    return Dataset(pictures, targets, [str(row.path) for row in rows], notes, [row.key for row in rows])
