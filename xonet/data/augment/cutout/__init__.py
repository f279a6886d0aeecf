"""The augmentation `cutout`: a square of every picture is covered."""

from __future__ import annotations

from typing import ClassVar

from xonet.data.augment import Augmentation
from xonet.language.fields import field
from xonet.language.kinds import Integer
from xonet.language.limits import SIZE


class Cutout(Augmentation):
    """Sets a square of each picture to 0, so that no part of it decides alone (DeVries and Taylor 2017, section 3.2).

    Its centre is any pixel of the picture, (a, b), with the same probability: the rows from a - floor(size / 2), size
    of them, and as many columns, as far as they are inside the picture. 0 is the network's value: what `mean` is, if
    that is subtracted. Source: arXiv 1708.04552, and its authors' program, which covers even sizes only.
    """

    also = ("Cutout", "CoarseDropout", "random_cutout")
    nearly: ClassVar[dict[str, str]] = {
        "RandomErasing": "write cutout: {size: 8}, a square of one size at a random place, in every picture"
    }

    size: int = field(
        Integer(minimum=1, maximum=SIZE), "Rows and columns of the square.", example=8, also=("length", "mask_size")
    )
