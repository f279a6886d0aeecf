"""The augmentation `shift`: the picture lies a little elsewhere."""

from __future__ import annotations

from xonet.data.augment import Augmentation
from xonet.language.fields import field
from xonet.language.kinds import Integer
from xonet.language.limits import SIZE


class Shift(Augmentation):
    """Moves each picture by a whole number of pixels, in both directions; its edge is repeated into the gap."""

    pixels: int = field(
        Integer(minimum=1, maximum=SIZE), "By how many pixels at most, up or down and left or right.", example=2
    )
