"""The layer `rms_norm`: every picture divided by how large its values are."""

from __future__ import annotations

from xonet.language.fields import field
from xonet.language.kinds import Flag, Number
from xonet.layers._normalization import OverAxes


class RmsNorm(OverAxes):
    """Divides all values of each picture by their root mean square, then applies a learned scale.

    y = scale · x / sqrt(mean of x² + epsilon) (Zhang and Sennrich 2019, arXiv 1910.07467, equation 4). As PyTorch's
    RMSNorm of the whole shape, and with axes: channels as Keras' RMSNormalization.
    """

    also = ("RMSNormalization",)

    centered = False

    epsilon: float = field(
        Number(above=0), "Added to the mean of the squares, to avoid division by zero.", default=1.1920929e-7,
        also=("eps",),
    )  # fmt: skip
    shift: bool = field(
        Flag(), "Whether a learned number is added to each value.", default=False, also=("bias", "use_bias")
    )
