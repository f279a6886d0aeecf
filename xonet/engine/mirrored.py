"""Scores averaged over a picture and its mirror image."""

from __future__ import annotations

import numpy as np

from xonet.engine.plan import Engine, Take

AT_ONCE = 512
"""Pictures of which there are mirror images at a time."""


def mirrored_scores(engine: Engine, pictures: np.ndarray, take: Take | None = None) -> np.ndarray:
    """`Engine.scores`, each the mean of a picture's and of that with left and right swapped.

    Args:
        engine: Of a network whose input is a picture.
        pictures: (n, height, width, channels), uint8 raw or float32 network values.
        take: Where given, it gets the scores, and none come back.
    """
    found = []
    for first in range(0, len(pictures), AT_ONCE):
        some = pictures[first : first + AT_ONCE]
        scores = (engine.scores(some) + engine.scores(np.ascontiguousarray(some[:, :, ::-1]))) * np.float32(0.5)
        if take:
            take(first, scores)
        else:
            found.append(scores)
    return np.concatenate(found) if found else engine.scores(pictures[:0])
