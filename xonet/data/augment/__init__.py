"""Augmentations, one package each: small changes to the training pictures, drawn anew in every epoch.

Its `__init__` declares, and its `reference` computes in plain NumPy: `apply(augmentation, x, draw)` gives the
changed pictures for x (n, height, width, channels), float32 network values. `draw` is a `Draw`.
"""

from __future__ import annotations

from xonet.data.augment._base import AUGMENTATIONS, Augmentation, Draw

__all__ = ["AUGMENTATIONS", "Augmentation", "Draw"]
