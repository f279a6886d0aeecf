"""The layer `crop2d`: rows and columns taken off a picture."""

from __future__ import annotations

from xonet.language.fields import field
from xonet.language.shapes import Shape, ShapeError
from xonet.layers import needs_picture
from xonet.layers._margins import SPELLING, Margins, Sides
from xonet.layers._resampling import Index, Resampling


class Crop2d(Resampling):
    """Takes rows and columns off the sides of a picture: y[i, j, c] = x[i + top, j + left, c].

    The same pixels in training and outside it, as Keras' Cropping2D.
    """

    also = ("Cropping2D", "Cropping")
    nearly = dict.fromkeys(
        ("Crop", "CenterCrop"), "write crop2d: {crop: 2}: how much is taken off each side, not how much is left"
    )

    crop: Sides = field(
        Margins(),
        f"How many rows and columns are taken off: {SPELLING}.",
        example=1,
        also=("cropping", "margin", "margins", "padding", "border"),
    )

    def output_shape(self, shape: Shape) -> Shape:
        """(height - top - bottom, width - left - right, channels).

        Raises:
            ShapeError: where the input is no picture, or nothing of it is left.
        """
        needs_picture("crop2d", shape)
        for length, sides, noun in zip(shape, self.crop, ("rows", "columns"), strict=False):
            if sum(sides) >= length:
                raise ShapeError(
                    "empty-output",
                    f"taking {sides[0]} + {sides[1]} {noun} off {shape} leaves nothing",
                    knob="crop",
                    help=f"take {length - 1} {noun} or fewer, both sides together",
                )
        return Shape((shape[0] - sum(self.crop[0]), shape[1] - sum(self.crop[1]), shape.channels))

    def arithmetic(self, shape: Shape) -> str:
        """The differences."""
        return ", ".join(
            f"{length} - {before} - {after} = {length - before - after}"
            for length, (before, after) in zip(shape, self.crop, strict=False)
        )

    def source(self, shape: Shape, i: Index, j: Index, c: Index) -> tuple[Index, Index, Index]:
        """The value moved by the margin."""
        return i + self.crop[0][0], j + self.crop[1][0], c
