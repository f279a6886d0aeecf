"""The layer `flatten`: a picture as a row of numbers."""

from __future__ import annotations

from xonet.language.shapes import Shape
from xonet.layers import Layer


class Flatten(Layer):
    """Lays a picture's values out in a row, in height, width, channel order; `dense` does so by itself.

    The order of Keras' Flatten; PyTorch's lays channel after channel.
    """

    advice = Layer.advice | dict.fromkeys(("start_dim", "end_dim"), "remove it: a whole picture becomes a row")

    renames = True

    def output_shape(self, shape: Shape) -> Shape:
        """(height × width × channels,)."""
        return Shape((shape.size,))

    def reach(self, shape: Shape) -> tuple[tuple[int, int], tuple[int, int]]:
        """The whole picture: the row as such has seen it."""
        return (shape[0], shape[1]) if shape.is_picture else (1, 1), (1, 1)

    def arithmetic(self, shape: Shape) -> str:
        """The product."""
        return f"{shape} = {shape.size}"
