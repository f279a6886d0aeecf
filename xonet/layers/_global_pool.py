"""What the two global pools share: a picture becomes a row, one number a channel."""

from __future__ import annotations

from xonet.language.shapes import Shape
from xonet.layers import LAYERS, Layer, needs_picture


class GlobalPool(Layer):
    """Base of layers that reduce each channel to one number."""

    def output_shape(self, shape: Shape) -> Shape:
        """(channels,)."""
        needs_picture(LAYERS.word(self), shape)
        return Shape((shape.channels,))

    def reach(self, shape: Shape) -> tuple[tuple[int, int], tuple[int, int]]:
        """The whole picture."""
        return (shape[0], shape[1]), (1, 1)
