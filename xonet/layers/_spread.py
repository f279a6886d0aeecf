"""Shapes of what is multiplied: where one has a length of 1, its numbers are spread over the others'.

A row of c numbers beside pictures is as good as a picture of 1 × 1 × c.
"""

from __future__ import annotations

from collections.abc import Sequence

from xonet.language.shapes import Shape, ShapeError


def product_shape(shapes: Sequence[Shape]) -> Shape:
    """The shape of the product.

    Raises:
        ShapeError: `merge-mismatch`, where one fits neither as it is nor spread.
    """
    channels = max(shape.channels for shape in shapes)
    sides = [shape[:2] for shape in shapes if shape.is_picture]
    largest = Shape((*max(sides, key=lambda side: side[0] * side[1], default=()), channels))
    for number, shape in enumerate(shapes):
        fits = not shape.is_picture or shape[:2] in ((1, 1), largest[:2])
        if not fits or shape.channels not in (1, channels):
            raise ShapeError(
                "merge-mismatch",
                f"path {number} outputs {shape}, which cannot be spread over {largest}",
                knob="paths",
                help=f"make path {number} output {largest}, or 1 × 1 pixels, or 1 channel",
            )
    return largest


def strides(shape: Shape, largest: Shape) -> tuple[int, int]:
    """By how many numbers the values of two pixels beside each other lie apart, and those of two channels.

    0 where it is the same value.
    """
    pixels, all_pixels = shape.size // shape.channels, largest.size // largest.channels
    return shape.channels if pixels == all_pixels else 0, 1 if shape.channels == largest.channels else 0
