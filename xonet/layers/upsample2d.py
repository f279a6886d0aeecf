"""The layer `upsample2d`: a picture made larger."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar

from xonet.language import limits
from xonet.language.fields import field
from xonet.language.kinds import Choice, Integer, Pair
from xonet.language.shapes import Shape
from xonet.layers import needs_picture
from xonet.layers._base import Reach
from xonet.layers._resampling import Index, Resampling, Term, within


class Upsample2d(Resampling):
    """Makes a picture larger by whole factors, each value repeated or mixed with its neighbours.

    `nearest`: y[i, j, c] = x[⌊i / scale⌋, ⌊j / scale⌋, c]. `bilinear`: y[i, j, c] lies in x at the row
    (i + 1/2) / scale - 1/2 and the column (j + 1/2) / scale - 1/2, and is the mean of the four values around it, each
    weighted by how near it is; beyond its edge, x goes on with the edge's value. As PyTorch's Upsample with
    align_corners=False, and Keras' UpSampling2D. What is learned instead of fixed is a conv_transpose2d.
    """

    also = ("UpSampling2D", "Upsample", "UpsamplingNearest2d", "Upsampling", "Resize2d")
    nearly: ClassVar = {
        "UpsamplingBilinear2d": "write upsample2d: {scale: 2, mode: bilinear}; the corners of the pictures, not the "
        "centers of their corner pixels, lie on each other",
        "Interpolate": "write upsample2d: {scale: 2}",
        "Resize": "write upsample2d: {scale: 2}",
    }
    advice = Resampling.advice | {
        "align_corners": "remove it: the corners of the pictures lie on each other, as with align_corners=False"
    }

    scale: tuple[int, int] = field(
        Pair(Integer(minimum=1, maximum=limits.SIZE)),
        "By how much the picture becomes larger: n, or [height, width].",
        example=2,
        also=("size", "scale_factor", "scales", "factor", "stride"),
    )
    mode: str = field(
        Choice("nearest", "bilinear"),
        "Whether values are repeated, or mixed.",
        default="nearest",
        also=("interpolation",),
    )

    def output_shape(self, shape: Shape) -> Shape:
        """(height × scale, width × scale, channels).

        Raises:
            ShapeError: where the input is no picture.
        """
        needs_picture("upsample2d", shape)
        return Shape((shape[0] * self.scale[0], shape[1] * self.scale[1], shape.channels))

    def macs(self, shape: Shape) -> int:
        """Four a value where values are mixed; copies are none."""
        return 4 * self.output_shape(shape).size if self.mode == "bilinear" else 0

    def reach(self, shape: Shape) -> Reach:
        """Neighbours lie a fraction of a pixel apart."""
        wide = [scale if self.mode == "nearest" else 2 * scale - scale % 2 for scale in self.scale]
        rows, columns = (1 + Fraction(width - 1, scale) for width, scale in zip(wide, self.scale, strict=True))
        return (rows, columns), (Fraction(1, self.scale[0]), Fraction(1, self.scale[1]))

    def arithmetic(self, shape: Shape) -> str:
        """The products."""
        return ", ".join(
            f"{length} × {scale} = {length * scale}" for length, scale in zip(shape, self.scale, strict=False)
        )

    def terms(self, shape: Shape, i: Index, j: Index, c: Index) -> list[Term]:
        """One value, or the four around a place, each weighted by how near it is."""
        if self.mode == "nearest":
            return [(i // self.scale[0], j // self.scale[1], c, 1.0)]
        rows, columns = _beside(i, shape[0], self.scale[0]), _beside(j, shape[1], self.scale[1])
        return [(row, column, c, near * close) for row, near in rows for column, close in columns]


def _beside(i: Index, length: int, scale: int) -> list[tuple[Index, Index]]:
    """Along one axis, the two places that place `i` lies between, and their weights."""
    if scale == 1:
        return [(i, 1.0)]
    place = 2 * i + 1 - scale  # times 2 · scale
    low, share = place // (2 * scale), place % (2 * scale) / (2 * scale)
    return [(within(low, length), 1 - share), (within(low + 1, length), share)]
