"""The layer `space_to_depth`: blocks of pixels become channels."""

from __future__ import annotations

from typing import ClassVar

from xonet.language.shapes import Shape, ShapeError
from xonet.layers import needs_picture
from xonet.layers._base import Reach
from xonet.layers._block import Blocks
from xonet.layers._resampling import Index


class SpaceToDepth(Blocks):
    """Lays the pixels of each square block behind one another as channels: a smaller picture of as many values.

    y[i, j, (c · block + a) · block + b] = x[i · block + a, j · block + b, c]: the order of PyTorch's PixelUnshuffle,
    each channel's block together. (TensorFlow's and ONNX's SpaceToDepth put the channels of each pixel together.)
    """

    also = ("PixelUnshuffle",)
    nearly: ClassVar = {"Reorg": "write space_to_depth: {block: 2}; Darknet's order of channels is another"}

    def output_shape(self, shape: Shape) -> Shape:
        """(height / block, width / block, channels × block²).

        Raises:
            ShapeError: where the input is no picture, or no whole number of blocks.
        """
        needs_picture("space_to_depth", shape)
        if shape[0] % self.block or shape[1] % self.block:
            raise ShapeError(
                "block-mismatch",
                f"{shape} cannot be cut into blocks of {self.block} × {self.block} pixels",
                knob="block",
                help=f"use a block that divides {shape[0]} rows and {shape[1]} columns, or put a pad2d before it",
            )
        return Shape((shape[0] // self.block, shape[1] // self.block, shape.channels * self.block**2))

    def reach(self, shape: Shape) -> Reach:
        """The block."""
        return (self.block, self.block), (self.block, self.block)

    def source(self, shape: Shape, i: Index, j: Index, c: Index) -> tuple[Index, Index, Index]:
        """A pixel of the block."""
        block = self.block
        return i * block + c // block % block, j * block + c % block, c // block**2
