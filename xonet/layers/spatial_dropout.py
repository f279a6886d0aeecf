"""The layer `spatial_dropout`: whole channels are left out during training."""

from __future__ import annotations

from typing import ClassVar

from xonet.language.fields import field
from xonet.language.kinds import Number
from xonet.language.shapes import Shape
from xonet.layers import needs_picture
from xonet.layers._dropping import Dropping


class SpatialDropout(Dropping):
    """Sets whole channels of a picture to zero at random during training: y = x · kept[c] / (1 - rate), kept 0 or 1.

    Pixels beside each other are much alike, so a value that dropout leaves out is still told by its neighbours; a
    channel that is left out is gone. Outside training nothing changes. PyTorch's Dropout2d; Tompson et al. 2015,
    arXiv 1411.4280, section 3.2.
    """

    also = ("Dropout2d", "SpatialDropout2D", "FeatureDropout")
    nearly: ClassVar = dict.fromkeys(
        ("Dropout1d", "SpatialDropout1D", "Dropout3d", "SpatialDropout3D"),
        "write spatial_dropout, which drops whole channels of pictures, or dropout",
    )

    rate: float = field(
        Number(minimum=0, below=1),
        "The fraction of channels set to zero, drawn for each picture by itself.",
        example=0.2,
        also=("p", "dropout_ratio", "probability", "prob", "dropout_rate"),
    )

    def output_shape(self, shape: Shape) -> Shape:
        """That of its input, which is a picture."""
        needs_picture("spatial_dropout", shape)
        return shape

    def drawn(self, shape: Shape) -> int:
        """One for each channel."""
        return shape.channels
