"""The layer `residual`: a shortcut around other layers."""

from __future__ import annotations

from collections.abc import Sequence

from xonet.language.fields import field
from xonet.language.shapes import Shape, ShapeError
from xonet.layers import Layer, stack
from xonet.layers._base import Flow, Unfolding


class Residual(Layer):
    """Adds the output of its layers and the output of its shortcut: y = layers(x) + shortcut(x).

    He et al. 2016, Deep Residual Learning (arXiv 1512.03385), section 3.2.
    """

    also = ("ResidualBlock", "skip")
    nearly = dict.fromkeys(
        ("Add", "Eltwise", "shortcut"),
        "write residual: {layers: [...]} around the layers whose input is added to their output",
    )

    sums = True

    layers: tuple[Layer, ...] = field(
        stack(minimum=1), "The layers the shortcut goes around.", example=["relu"], also=("body",)
    )
    shortcut: tuple[Layer, ...] = field(stack(), "The layers on the shortcut; [] is the input itself.", default=[])

    def trace(self, trace: Unfolding[Flow], x: Flow) -> Flow:
        """Both paths, then their sum."""
        with trace.inside(self, "residual"):
            ways = trace.ways({"layers": self.layers, "shortcut": self.shortcut}, x)
        return trace.apply(self, *ways)

    def join_shape(self, shapes: Sequence[Shape]) -> Shape:
        """Both paths must have the same output shape."""
        way, shortcut = shapes
        if way != shortcut:
            raise ShapeError(
                "merge-mismatch",
                f"the layers output {way}, and the shortcut {shortcut}: they cannot be added",
                knob="shortcut" if self.shortcut else "layers",
                help=f"give both the same shape, for example with a 1 × 1 conv2d of {way.channels} features "
                "and the layers' stride on the shortcut",
            )
        return way
