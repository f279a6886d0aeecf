"""The augmentation `shift`: every picture is moved a little."""

from __future__ import annotations

from xonet.data.augment import Augmentation
from xonet.language.fields import field
from xonet.language.kinds import Integer
from xonet.language.limits import SIZE


class Shift(Augmentation):
    """Moves each picture by a whole number of pixels in both directions; the gap is filled by repeating its edge.

    Keras' RandomTranslation with fill_mode nearest, in whole pixels.
    """

    pixels: int = field(
        Integer(minimum=1, maximum=SIZE), "The largest shift in pixels, up or down and left or right.", example=2
    )
