"""The layer `hard_tanh`: no value leaves a range."""

from __future__ import annotations

from typing import ClassVar

from xonet.language.fields import field
from xonet.language.kinds import Number
from xonet.language.shapes import Shape, ShapeError
from xonet.layers._elementwise import INPLACE, Elementwise, Values, clip, where


class HardTanh(Elementwise):
    """Limits values to a range, -1 to 1 unless told otherwise: y = min(max_val, max(min_val, x)).

    Collobert 2004, Large Scale Machine Learning, section 2.3.
    """

    activation = "squashing"
    also = ("hardtan",)
    nearly: ClassVar = {
        **dict.fromkeys(("Clip", "Clamp"), "write hard_tanh: {min_val: 0, max_val: 6}, with your limits"),
        "ClippedReLU": "write hard_tanh: {min_val: 0, max_val: 6}, with your limit",
    }
    advice = Elementwise.advice | INPLACE

    min_val: float = field(
        Number(), "What smaller values become.", default=-1.0, also=("min", "min_value", "lower_bound")
    )
    max_val: float = field(
        Number(), "What larger values become.", default=1.0, also=("max", "max_value", "upper_bound")
    )

    def output_shape(self, shape: Shape) -> Shape:
        """The same.

        Raises:
            ShapeError: `empty-interval`.
        """
        if self.min_val >= self.max_val:
            raise ShapeError(
                "empty-interval",
                f"min_val must be below max_val, but {self.min_val:g} is not below {self.max_val:g}",
                knob="min_val" if self.wrote("min_val") else "max_val",
                help="write the lower limit as min_val, the upper one as max_val",
            )
        return shape

    @staticmethod
    def forward(x: Values, min_val: float, max_val: float) -> Values:
        """Each value by itself."""
        return clip(x, min_val, max_val)

    @staticmethod
    def backward(x: Values, dy: Values, min_val: float, max_val: float) -> Values:
        """The gradient passes inside the range, at neither end."""
        return where((x > min_val) & (x < max_val), dy, 0.0)
