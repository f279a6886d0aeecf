"""What every augmentation is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from xonet.language.families import Family
from xonet.language.fields import Record

if TYPE_CHECKING:
    import numpy as np


class Augmentation(Record):
    """Base of every augmentation's declaration."""


class Draw(Protocol):
    """Random numbers for the n pictures of a batch.

    Each depends on the seed, the step, the picture and its own position only, never on what was drawn before.
    """

    def uniform(self, count: int) -> np.ndarray:
        """(n, count) float32 numbers, uniform in [0, 1)."""
        ...

    def normal(self, count: int) -> np.ndarray:
        """(n, count) float32 numbers of the standard normal distribution."""
        ...


AUGMENTATIONS: Family[Augmentation] = Family(
    "augmentation",
    "xonet.data.augment",
    Augmentation,
    {
        **dict.fromkeys(("Normalize", "ToTensor", "Rescaling"), "remove it, and write input: {range: [-1, 1]}"),
        **dict.fromkeys(
            ("Resize", "CenterCrop", "Resizing"), "remove it: every picture is resized to the input's height and width"
        ),
        **dict.fromkeys(("RandomFlip", "flip"), "write flip_horizontal"),
    },
    absent=(
        *("RandomVerticalFlip", "flip_vertical", "RandomRotation", "rotate", "RandomCrop"),
        *("RandomResizedCrop", "RandomZoom", "RandomAffine", "RandomPerspective", "ColorJitter"),
        *("RandomBrightness", "RandomContrast", "GaussianBlur", "Mixup", "CutMix"),
        *("AutoAugment", "RandAugment", "TrivialAugmentWide"),
    ),
)
"""Every augmentation of the language."""
