"""What every layer is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from fractions import Fraction
from typing import Any, ClassVar, Protocol, TypeVar

from xonet.language.families import Family, OneOf
from xonet.language.fields import Record, field
from xonet.language.kinds import Kind, ListOf, Text
from xonet.language.nodes import Node
from xonet.language.shapes import Shape, ShapeError
from xonet.layers._elsewhere import ELSEWHERE, SHARED
from xonet.layers._parameter import Parameter


class HasShape(Protocol):
    """What has a shape, without pictures."""

    shape: Shape


Flow = TypeVar("Flow", bound=HasShape)
"""What flows from one layer to the next."""
Pixels = int | Fraction
"""Of a layer's input; after a layer that makes a picture larger, neighbours lie a fraction of one apart."""
Reach = tuple[tuple[Pixels, Pixels], tuple[Pixels, Pixels]]
"""(window, stride), each (rows, columns): what one value of the output sees, and how far apart neighbours see."""


class Unfolding(Protocol[Flow]):
    """What follows the layers from the input; a layer's `trace` calls it."""

    def apply(self, layer: Layer, *inputs: Flow) -> Flow:
        """One operation of `layer`."""

    def through(self, layers: Sequence[Layer], x: Flow, place: str) -> Flow:
        """A list of layers, one after another; `place` is the list's name in its container."""

    def ways(self, ways: Mapping[str, Sequence[Layer]], x: Flow) -> list[Flow]:
        """Several lists of layers, by their places in their container, each from the same `x`."""

    def round(self, number: int) -> AbstractContextManager[None]:
        """Inside, places and labels get `number` appended: one round of a `repeat`."""

    def inside(self, container: Layer, word: str) -> AbstractContextManager[None]:
        """Inside, places continue with the container's word."""


class Layer(Record):
    """Base of every layer's declaration."""

    name: str | None = field(
        Text(r"^[A-Za-z_][A-Za-z0-9_-]*$", "letters, digits, _ and -, starting with a letter or _"),
        "A name of your choice, used in parameter names, pages and messages; unique in the file.",
        default=None,
        example="conv1",
    )

    advice: ClassVar = {
        "activation": "remove it, and write - {value} as a layer of its own below",
        "in_channels": "remove it: it follows from the layer above",
        "in_features": "remove it: it follows from the layer above",
        "num_input": "remove it: it follows from the layer above",
        "input_dim": "remove it: it follows from the layer above",
        "input_shape": "remove it, and write it in input: {height: 28, width: 28}, for example",
        "batch_normalize": "remove it, and write - batch_norm as a layer of its own below",
        "kernel_initializer": "write init, with a name that `xonet catalogue` lists: init: he_normal",
        "weight_filler": "write init, with a name that `xonet catalogue` lists: init: he_normal",
        **SHARED,
    }

    instead: ClassVar[tuple[tuple[str, ...], ...]] = ()
    """Knobs of which one is written instead of the other: a layer that says one takes the other from no default."""
    step: str = ""
    """Where it stands in its list: `3`, or in a line of layers `3.0`; empty for a layer made in Python."""
    activation: ClassVar[str] = ""
    """For an activation: its family, `rectifier`, `squashing` or `self-normalizing`; empty otherwise."""
    renames: ClassVar[bool] = False
    """Whether its output is its input with a different shape: nothing to compute."""
    sums: bool = False
    """For a join: whether its output is the sum of its inputs, so that its gradient is theirs."""
    running: ClassVar[tuple[str, ...]] = ()
    """Parameters that are running means over the batches of training, kept by a share of `momentum` at each step."""
    training_only: ClassVar[bool] = False
    """Whether it passes its input on unchanged outside training (dropout)."""

    def output_shape(self, shape: Shape) -> Shape:
        """The output shape for an input shape; by default the same.

        Raises:
            ShapeError: where the input does not fit.
        """
        return shape

    def parameters(self, shape: Shape) -> list[Parameter]:
        """What it learns or keeps, for an input of that shape."""
        return []

    def macs(self, shape: Shape) -> int:
        """Multiply-adds for one picture of that shape."""
        return 0

    def reach(self, shape: Shape) -> Reach:
        """(window, stride), each (rows, columns), for the receptive field; where neighbours differ, the most."""
        return (1, 1), (1, 1)

    def arithmetic(self, shape: Shape) -> str:
        """How the output's height (and width) is computed, for messages: `9 - 3 + 1 = 7`; empty where it is obvious."""
        return ""

    def join_shape(self, shapes: Sequence[Shape]) -> Shape:
        """The output shape where several paths meet; only containers have one.

        Raises:
            ShapeError: where they do not fit together.
        """
        raise NotImplementedError

    def trace(self, trace: Unfolding[Flow], x: Flow) -> Flow:
        """Apply itself, or the layers it holds, to `x`; by default that is one operation."""
        return trace.apply(self, x)


LAYERS: Family[Layer] = Family(
    "layer",
    "xonet.layers",
    Layer,
    advice={
        "Activation": "write the activation's own name, for example relu",
        "Input": "write it in input: {height: 28, width: 28}, for example, and remove this line",
        "InputLayer": "write it in input: {height: 28, width: 28}, for example, and remove this line",
        "Identity": "remove this line: it changes nothing",
        "Sequential": "remove this line, and write its layers here: a list of layers is sequential",
        "SeparableConv2D": "write depthwise_conv2d: {kernel_size: 3}, then conv2d: {features: 16, kernel_size: 1}",
        **dict.fromkeys(
            ("GLU", "Hardshrink", "Softshrink", "Tanhshrink", "Softmin", "Maxout", "crelu"),
            "it is not available: write relu, leaky_relu, elu, gelu, silu or tanh, for example",
        ),
        "RReLU": "write leaky_relu or prelu; a slope is not drawn at random",
        "QuickGELU": "write gelu; with approximate: tanh it is nearly the same",
        "norm": "write which one: batch_norm, layer_norm, group_norm, instance_norm or rms_norm",
        **ELSEWHERE,
        "Conv1d": "make the row a picture of height 1, and write conv2d with kernel_size: [1, 3]",
    },
    absent=(
        *("LSTM", "GRU", "RNN", "SimpleRNN", "Bidirectional", "Embedding", "Attention", "MultiHeadAttention"),
        *("MultiheadAttention", "Transformer", "TransformerEncoderLayer", "Lambda", "Reshape", "Permute"),
        *("Unflatten", "Bilinear", "LPPool2d"),
    ),
)
"""Every layer of the language."""


class Stack(ListOf):
    """A list of layers. A list among them is a line of layers: its layers stand there one after another."""

    def schema(self) -> dict[str, Any]:
        """An array of layers and of lines."""
        return {**super().schema(), "items": {"$ref": "#/$defs/line"}}

    def value(self, plain: Any) -> Any:
        """A tuple of layers, which know where they stand in the list."""
        return tuple(_placed(LAYERS.make(item), step) for step, item in _unfolded(plain))

    def read(self, node: Node) -> Any:
        """The same."""
        return tuple(_placed(LAYERS.read(item), step) for step, item in _unfolded(node))


LINE = {
    "if": {"type": "array"},
    "then": {
        "description": "A line of layers: they stand one after another, as if they were written on lines of their own.",
        "type": "array",
        "items": {"$ref": "#/$defs/line"},
        "minItems": 1,
    },
    "else": {"$ref": f"#/$defs/{LAYERS.noun}"},
}
"""The schema of an entry of a list of layers."""


def _unfolded(entry: Any, step: str = "") -> Iterator[tuple[str, Any]]:
    """The layers of a list, and of the lists in it, each with where it stands: `3`, or `3.0`."""
    for index, item in enumerate(entry.value if isinstance(entry, Node) else entry):
        here = f"{step}.{index}" if step else str(index)
        if isinstance(item.value if isinstance(item, Node) else item, list | tuple):
            yield from _unfolded(item, here)
        else:
            yield here, item


def _placed(layer: Layer, step: str) -> Layer:
    layer.step = step
    return layer


def holds_layers(kind: Kind) -> bool:
    """Whether a knob is a list of layers, or a list of such lists."""
    return isinstance(kind, Stack) or (isinstance(kind, ListOf) and holds_layers(kind.kind))


_HOLDING: dict[type[Layer], tuple[str, ...]] = {}
"""Of each kind of layer, the knobs that hold layers."""


def held(layer: Layer) -> Iterator[Layer]:
    """The layers in a layer, those that they hold themselves left out."""
    kind = type(layer)
    if kind not in _HOLDING:
        _HOLDING[kind] = tuple(name for name, knob in kind.fields.items() if holds_layers(knob.kind))
    for name in _HOLDING[kind]:
        for item in getattr(layer, name):
            yield from [item] if isinstance(item, Layer) else item


def stack(*, minimum: int = 0) -> Any:
    """The kind of a list of layers."""
    return Stack(OneOf(LAYERS), minimum=minimum)


def needs_picture(word: str, shape: Shape) -> None:
    """Refuse a row of numbers where a layer needs a picture.

    Raises:
        ShapeError: `needs-picture`.
    """
    if not shape.is_picture:
        raise ShapeError(
            "needs-picture",
            f"{word} needs height × width × channels, but gets a row of {shape} numbers",
            help=f"remove {word}, or put it before the layer that turns the picture into a row",
        )
