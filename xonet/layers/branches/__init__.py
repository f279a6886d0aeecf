"""The layer `branches`: several paths side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from xonet.language.fields import field
from xonet.language.kinds import Choice, ListOf
from xonet.language.shapes import Shape, ShapeError
from xonet.layers import Layer, stack
from xonet.layers._base import Flow, Unfolding
from xonet.layers._spread import product_shape


class Branches(Layer):
    """Sends the input along several paths, and merges their outputs.

    `concat` puts the paths' channels one after another, in the order of the paths
    (Szegedy et al. 2015, Going Deeper with Convolutions, arXiv 1409.4842, section 4). `add`, `mean`, `multiply` and
    `max` merge them value by value: y = x₀ + x₁ + …, that divided by their number, x₀ · x₁ · …, or max(x₀, x₁, …).

    With `multiply`, a path of 1 × 1 pixels, or a row of numbers, is spread over all pixels of the others, and a path of
    1 channel over all channels. With `max`, paths that share the largest value share its gradient, each an equal part,
    as PyTorch's `maximum` and `amax` have it.
    """

    also = ("parallel",)
    nearly: ClassVar = {
        **dict.fromkeys(
            ("Concatenate", "concat", "route"), "write branches: {paths: [[...], [...]]} with the layers of each path"
        ),
        "Average": "write branches: {paths: [[...], [...]], merge: mean} with the layers of each path",
        "Maximum": "write branches: {paths: [[...], [...]], merge: max} with the layers of each path",
        "Multiply": "write branches: {paths: [[...], []], merge: multiply}, or squeeze_excite; by a constant, scale",
    }

    paths: tuple[tuple[Layer, ...], ...] = field(
        ListOf(stack(), minimum=2),
        "Lists of layers; [] is the input itself.",
        example=[["relu"], []],
        also=("branches",),
    )
    merge: str = field(
        Choice("concat", "add", "mean", "multiply", "max"),
        "How the paths' outputs are merged: concatenated, summed, averaged, multiplied, or the largest of each value.",
        default="concat",
    )

    @property
    def sums(self) -> bool:  # type: ignore[override]
        """Whether the paths are added up."""
        return self.merge == "add"

    def trace(self, trace: Unfolding[Flow], x: Flow) -> Flow:
        """Every path, then their merge."""
        with trace.inside(self, "branches"):
            ends = trace.ways({f"paths.{index}": path for index, path in enumerate(self.paths)}, x)
        return trace.apply(self, *ends)

    def join_shape(self, shapes: Sequence[Shape]) -> Shape:
        """`concat` adds the channels up, `multiply` spreads; otherwise all paths must make the same shape."""
        if self.merge == "multiply":
            return product_shape(shapes)
        first = shapes[0]
        for number, shape in enumerate(shapes):
            if self.merge == "concat" and shape[:-1] != first[:-1]:
                raise ShapeError(
                    "merge-mismatch",
                    f"path 0 outputs {first}, and path {number} {shape}: only channels may differ",
                    knob="paths",
                    help="give all paths the same height and width, for example with `padding: same` and equal strides",
                )
            if self.merge != "concat" and shape != first:
                raise ShapeError(
                    "merge-mismatch",
                    f"path 0 outputs {first}, and path {number} {shape}: {self.merge} needs the same shape",
                    knob="paths",
                    help=f"make all paths output {first}" + (", or use `merge: concat`" * (shape[:-1] == first[:-1])),
                )
        if self.merge == "concat":
            return Shape((*first[:-1], sum(shape.channels for shape in shapes)))
        return first
