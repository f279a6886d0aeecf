"""Layers with weights."""

from __future__ import annotations

from typing import Any

from xonet.initializers import INITIALIZERS, Initializer
from xonet.language.families import OneOf
from xonet.language.fields import field
from xonet.language.kinds import Either, Flag, ListOf, Number, Numbers
from xonet.language.shapes import ShapeError
from xonet.layers._learned import Learned
from xonet.layers._literal import must_match
from xonet.layers._parameter import Parameter


class Weighted(Learned):
    """Base of a layer with weights that training changes."""

    init: Initializer | None = field(
        OneOf(INITIALIZERS),
        "How the weights are initialized; by default he_normal before the relu family, lecun_normal before selu, and "
        "glorot_uniform elsewhere.",
        default=None,
        example="he_normal",
    )
    weights: Any = field(Numbers(), "Literal weights instead of random ones.", default=None)
    bias: bool | tuple[float, ...] = field(
        Either(Flag(), ListOf(Number(), minimum=1)),
        "Whether a learned number is added to each output; or the numbers themselves, one per output.",
        default=True,
        also=("use_bias", "bias_term", "has_bias"),
    )

    l2: float = field(
        Number(minimum=0, maximum=1e6),
        "Adds l2 · the sum of its squared weights to the loss, the bias aside: 2 · l2 · weights to their gradient, as "
        "Keras' kernel_regularizer. The loss that is reported goes without it.",
        default=0.0,
    )
    max_norm: float | None = field(
        Number(above=0),
        "The largest length (root of the sum of squares) of each output's weights: longer ones are scaled down to it "
        "after every update, as Keras' MaxNorm does.",
        default=None,
        example=3,
        also=("maxnorm", "max_norm_constraint"),
    )

    instead = (("init", "weights"),)
    reduce: str = "sum"
    """Whether a sum of products stays one, or becomes their `mean`; for layers that let the user choose."""

    def mean_scale(self, terms: int) -> float:
        """What a sum over so many terms is multiplied by."""
        return 1.0 / terms if self.reduce == "mean" else 1.0

    def weights_and_bias(self, shape: tuple[int, ...], fan_in: int, fan_out: int) -> list[Parameter]:
        """`weights` of `shape`, and `bias` (shape[0]) where it is wanted.

        Raises:
            ShapeError: if literal numbers in the file have a different shape, or `init` is given as well.
        """
        if self.init is not None and self.weights is not None:
            raise ShapeError(
                "init-and-weights",
                "init has no effect on literal weights",
                knob="init",
                help="remove init, or the literal weights",
            )
        must_match(self.weights, shape, "weights")
        weights = Parameter("weights", shape, fan_in, fan_out, self.init, self.weights, None, self.trainable)
        literal = None if isinstance(self.bias, bool) else self.bias
        must_match(literal, shape[:1], "bias")
        bias = Parameter("bias", shape[:1], literal=literal, constant=0.0, trainable=self.trainable)
        return [weights] if self.bias is False else [weights, bias]
