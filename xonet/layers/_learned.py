"""What every layer with parameters that training changes may say about how it changes them."""

from __future__ import annotations

from typing import Any, ClassVar

from xonet.language.fields import Nested, Record, field
from xonet.language.kinds import Flag, Integer, Kind, Number
from xonet.language.nodes import Node
from xonet.layers._base import Layer


class Period(Record):
    """The epochs in which a layer is trained; in the others it is frozen, as with `trainable: false`."""

    after: int | None = field(
        Integer(minimum=1), "Frozen in this many epochs, the first ones.", default=None, example=3, also=("from",)
    )
    until: int | None = field(
        Integer(minimum=1), "Trained in this many epochs, the first ones, and frozen from then on.", default=None
    )

    def covers(self, epoch: int) -> bool:
        """Whether an epoch, counted from 0, is one of them."""
        return epoch >= (self.after or 0) and (self.until is None or epoch < self.until)


class Mapped(Kind):
    """What is written as a mapping, or else another kind: decided by type."""

    def __init__(self, mapping: Kind, other: Kind) -> None:
        self.mapping, self.other = mapping, other

    def schema(self) -> dict[str, Any]:
        """`if` object `then` the mapping `else` the other."""
        return {"if": {"type": "object"}, "then": self.mapping.schema(), "else": self.other.schema()}

    def value(self, plain: Any) -> Any:
        """The mapping's value or the other's."""
        return (self.mapping if isinstance(plain, dict | Record) else self.other).value(plain)

    def read(self, node: Node) -> Any:
        """The same, from a node."""
        return (self.mapping if isinstance(node.value, dict) else self.other).read(node)


class Named(Kind):
    """Numbers, not negative, by the name of a parameter."""

    def schema(self) -> dict[str, Any]:
        """An object with any keys."""
        return {"type": "object", "additionalProperties": Number(minimum=0).schema()}

    def value(self, plain: Any) -> Any:
        """A dict of floats."""
        return {key: float(item) for key, item in plain.items()}


TRAINABLE = Mapped(Nested(Period), Flag())
FACTOR = Mapped(Named(), Number(minimum=0))


class Learned(Layer):
    """Base of layers with parameters that training changes."""

    advice: ClassVar = Layer.advice | {
        **dict.fromkeys(("kernel_regularizer", "weight_regularizer"), "write l2: 0.0001, for example"),
        **dict.fromkeys(
            ("bias_regularizer", "activity_regularizer", "l1"),
            "remove it: l2 is there for weights, and weight_decay in the optimizer for all parameters",
        ),
        **dict.fromkeys(("kernel_constraint", "weight_constraint"), "write max_norm: 3, for example"),
        "bias_constraint": "remove it: max_norm is for weights",
        "param": "write learning_rate_factor: {weights: 1, bias: 2} and weight_decay_factor: {bias: 0}",
        "weight_decay": "write l2: 0.0001, or weight_decay in the optimizer; weight_decay_factor is for one layer",
        "dont_train": "write trainable: false",
    }

    trainable: Any = field(
        TRAINABLE,
        "Whether training changes its parameters; {after: 3}: not in the first three epochs, {until: 3}: only in them.",
        default=True,
        also=("requires_grad",),
    )
    learning_rate_factor: Any = field(
        FACTOR,
        "What the learning rate is multiplied by for its parameters: a number, or by name {weights: 1, bias: 2}.",
        default=1,
        also=("lr_mult", "lr_multiplier", "lr_factor", "learning_rate_multiplier", "lr_scale"),
    )
    weight_decay_factor: Any = field(
        FACTOR,
        "What the optimizer's weight decay is multiplied by for its parameters: a number, or by name {bias: 0}.",
        default=1,
        also=("decay_mult", "wd_mult", "decay_multiplier"),
    )

    def frozen(self, epoch: int) -> bool:
        """Whether its parameters are not to change in an epoch, counted from 0."""
        return not (self.trainable.covers(epoch) if isinstance(self.trainable, Period) else self.trainable)


def factor(knob: Any, name: str) -> float:
    """What a factor says about the parameter `name`."""
    return float(knob.get(name, 1.0) if isinstance(knob, dict) else knob)
