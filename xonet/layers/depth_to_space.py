"""The layer `depth_to_space`: channels become blocks of pixels."""

from __future__ import annotations

from fractions import Fraction

from xonet.language.shapes import Shape, ShapeError
from xonet.layers import needs_picture
from xonet.layers._base import Reach
from xonet.layers._block import Blocks
from xonet.layers._resampling import Index


class DepthToSpace(Blocks):
    """Makes of each pixel a square block, of its channels: a larger picture of as many values.

    y[i · block + a, j · block + b, c] = x[i, j, (c · block + a) · block + b]: the order of PyTorch's PixelShuffle and
    of ONNX's DepthToSpace with mode CRD, each channel's block together (Shi et al. 2016, Real-Time Single Image and
    Video Super-Resolution Using an Efficient Sub-Pixel Convolutional Neural Network, arXiv 1609.05158, section 2.2).
    (TensorFlow's and ONNX's default, DCR, have the channels of each pixel together.)
    """

    also = ("PixelShuffle", "SubPixelConvolution")
    advice = Blocks.advice | {"mode": "remove it: the order of channels is CRD, as PyTorch's PixelShuffle has it"}

    def output_shape(self, shape: Shape) -> Shape:
        """(height × block, width × block, channels / block²).

        Raises:
            ShapeError: where the input is no picture, or channels make no whole number of blocks.
        """
        needs_picture("depth_to_space", shape)
        if shape.channels % self.block**2:
            raise ShapeError(
                "block-mismatch",
                f"{shape.channels} channels cannot be made blocks of {self.block} × {self.block} pixels",
                knob="block",
                help=f"make the channels before it a multiple of {self.block**2}, or use another block",
            )
        return Shape((shape[0] * self.block, shape[1] * self.block, shape.channels // self.block**2))

    def reach(self, shape: Shape) -> Reach:
        """One pixel; neighbours lie a fraction of a pixel apart."""
        seen, apart = 1 + Fraction(self.block - 1, self.block), Fraction(1, self.block)
        return (seen, seen), (apart, apart)

    def source(self, shape: Shape, i: Index, j: Index, c: Index) -> tuple[Index, Index, Index]:
        """A channel of the pixel that the block is made of."""
        block = self.block
        return i // block, j // block, (c * block + i % block) * block + j % block
