"""Pictures that are blank after preparation: most often they were not read or resized as intended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xonet.language.words import counted

if TYPE_CHECKING:
    import numpy as np

    from xonet.data import Dataset

SPREAD = 3
"""By how much the values of one channel may differ (of 255) in a picture of one plain colour: JPEG leaves as much."""
DARK = 16
"""The lightest value (of 255) of a picture that is all but black: so light is the white of 12 bits in a file of 16."""
MOST_NAMED = 3
ROWS = 4096
"""How many pictures are looked at at a time."""


def blank(pictures: np.ndarray) -> list[int]:
    """Which of the pictures, (n, height, width, channels) bytes, are of one plain colour, or all but black.

    What is no bytes, or has one pixel only, is never blank.
    """
    import numpy as np

    if pictures.dtype != np.uint8 or pictures.ndim != 4 or pictures.shape[1] * pictures.shape[2] < 2:
        return []
    found: list[int] = []
    for start in range(0, len(pictures), ROWS):
        block = pictures[start : start + ROWS]
        low, high = block.min(axis=(1, 2)), block.max(axis=(1, 2))
        plain = ((high - low) <= SPREAD).all(axis=1)
        found += (start + np.flatnonzero(plain | (high <= DARK).all(axis=1))).tolist()
    return found


def blank_notes(data: Dataset, whose: str = "") -> list[str]:
    """A note about blank pictures, if there are any: one line that starts with `whose`."""
    found = blank(data.pictures)
    if not found:
        return []
    named = [str(index) if data.names is None else data.names[index] for index in found[:MOST_NAMED]]
    more = ", …" if len(found) > MOST_NAMED else ""
    are = "is" if len(found) == 1 else "are"
    count = f"{len(found):,} of {counted(len(data), 'picture')} {are} blank after preparation"
    return [f"{whose}{count} (one plain colour, or all but black): {', '.join(named)}{more}"]
