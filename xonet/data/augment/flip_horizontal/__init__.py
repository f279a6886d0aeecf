"""The augmentation `flip_horizontal`: some pictures are mirrored."""

from __future__ import annotations

from xonet.data.augment import Augmentation
from xonet.language.fields import field
from xonet.language.kinds import Number


class FlipHorizontal(Augmentation):
    """Mirrors a picture, left to right, with the given probability: y[i, j] = x[i, width - 1 - j].

    As PyTorch's RandomHorizontalFlip and Keras' RandomFlip("horizontal"). It is for what looks the same in a mirror,
    such as clothes and animals, and not for digits and letters.
    """

    also = ("RandomHorizontalFlip", "hflip", "HorizontalFlip", "flip_left_right", "random_flip_left_right")

    probability: float = field(
        Number(above=0, maximum=1),
        "How likely a picture is mirrored.",
        default=0.5,
        example=0.5,
        also=("p", "prob"),
    )
