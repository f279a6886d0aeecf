"""Networks drawn at random from what the layers declare: a new layer, or a new knob, is drawn without an edit here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from xonet.language.families import Family, OneOf
from xonet.language.fields import Field
from xonet.language.kinds import Choice, Either, Flag, Integer, Kind, ListOf, Number, Pair
from xonet.language.shapes import Shape, ShapeError
from xonet.layers import LAYERS
from xonet.layers._graph import Operation, Trace, Value
from xonet.layers._learned import Mapped
from xonet.layers._margins import Margins
from xonet.layers._window import Padding
from xonet.schedules.pieces import ByEpoch

LARGEST = 5000
"""Values of a picture in any layer."""
OPERATIONS = 60
MACS = 300_000
"""Multiply-adds of a picture."""
CHANNELS = (1, 2, 3, 5, 8, 15, 16, 17, 24, 32, 33, 48)
SIZES = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 16)
ALONE = 0.4
"""How often a network is a single layer with windows, all of the window drawn: there are most geometries of those."""
ROW = Shape((1,))
AGAIN = 25
"""How often something is drawn again that does not fit."""
AFTER_WEIGHTS = ("batch_norm", "relu", "batch_norm", "relu", "leaky_relu")
"""What stands after a layer with weights more often than chance would have it: there, work is done in passing."""

SPREAD: tuple[list[Any], ...] = (["global_avg_pool2d"], [{"conv2d": {"features": 1, "kernel_size": 1}}])
"""Paths that a product spreads over the others, more often than chance would have them."""


@dataclass(frozen=True)
class Network:
    """Layers as a user would write them, and the operations they unfold to."""

    shape: Shape
    layers: list[Any]
    operations: Sequence[Operation]


def network(rng: np.random.Generator) -> Network:
    """A network that fits together and is small enough."""
    while True:
        picture = rng.random() < 0.93
        shape = Shape((_one(rng, SIZES), _one(rng, SIZES), _one(rng, CHANNELS))) if picture else Shape((_count(rng),))
        if shape.size > LARGEST:
            continue
        alone = picture and rng.random() < ALONE
        layers = [_windowed(rng, shape)] if alone else stack(rng, shape, int(rng.integers(1, 8)), 2)
        operations = traced(layers, shape)
        if operations and _macs(operations) <= MACS and operations[-1].output.shape.size <= 300:
            return Network(shape, layers, operations)
        if operations and _macs(operations) <= MACS:  # many scores make losses of their own: let a layer make few
            layers.append(str(rng.choice(["global_avg_pool2d", "global_max_pool2d"])))
            if rng.random() < 0.7 or not (operations := traced(layers, shape)):
                layers[-1] = {"dense": {"units": _count(rng)}}
            if operations := traced(layers, shape):
                return Network(shape, layers, operations)


def ending_in(rng: np.random.Generator, shape: Shape, outputs: int) -> list[Any]:
    """A few layers for pictures of a shape, the last of which gives so many scores."""
    while True:
        layers = [*stack(rng, shape, int(rng.integers(0, 4)), 1), {"dense": {"units": outputs}}]
        if traced(layers, shape):
            return layers


def traced(layers: Sequence[Any], shape: Shape) -> list[Operation]:
    """What plain layers unfold to; nothing where they do not fit."""
    trace = Trace()
    try:
        trace.through([LAYERS.make(layer) for layer in layers], Value(shape), "layers")
    except ShapeError:
        return []
    return trace.operations


def member(rng: np.random.Generator, family: Family[Any], word: str, shape: Shape = ROW, depth: int = 0) -> Any:
    """A member of any family, knobs drawn; for a layer, the shape that it is given, and how deep layers may stand."""
    return {word: _knobs(rng, family.members[word].fields, shape, depth)}


def _macs(operations: Sequence[Operation]) -> int:
    return sum(operation.layer.macs(operation.inputs[0].shape) for operation in operations)


def small(operations: Sequence[Operation]) -> bool:
    """Whether nobody has to wait for them."""
    return (
        len(operations) <= OPERATIONS
        and all(operation.output.shape.size <= LARGEST for operation in operations)
        and _macs(operations) <= MACS
    )


def stack(rng: np.random.Generator, shape: Shape, count: int, depth: int) -> list[Any]:
    """`count` layers one after another, or fewer where nothing more was found to fit."""
    layers: list[Any] = []
    for _ in range(count):
        for _ in range(AGAIN):
            layer = _layer(rng, shape, depth, layers)
            operations = traced([*layers, layer], shape) if layer is not None else []
            if operations and small(operations):
                layers.append(layer)
                break
    return layers


def _layer(rng: np.random.Generator, shape: Shape, depth: int, before: Sequence[Any]) -> Any:
    """One that may fit after others."""
    here = traced(before, shape)[-1].output.shape if before else shape
    if before and _weighted(before[-1]) and rng.random() < 0.5:
        word = str(rng.choice(AFTER_WEIGHTS))
    elif here.is_picture and rng.random() < 0.45:
        word = str(rng.choice(["conv2d", "depthwise_conv2d", "conv_transpose2d"], p=[0.4, 0.4, 0.2]))
    else:
        word = str(rng.choice(list(LAYERS.members)))
    fields = LAYERS.members[word].fields
    if depth == 0 and any(_holds_layers(field.kind) for field in fields.values()):
        return None
    knobs = _knobs(rng, fields, here, depth)
    return {word: knobs} if knobs else word


def _windowed(rng: np.random.Generator, shape: Shape) -> Any:
    """A layer with windows by itself, all of the window written; most often a convolution of one channel each."""
    words = [
        word for word, member in LAYERS.members.items() if any(isinstance(f.kind, Pair) for f in member.fields.values())
    ]
    word = "depthwise_conv2d" if rng.random() < 0.4 else str(rng.choice(words))
    return {word: _knobs(rng, LAYERS.members[word].fields, shape, 0, windows=True)}


def _weighted(layer: Any) -> bool:
    return "weights" in LAYERS.members[layer if isinstance(layer, str) else next(iter(layer))].fields


def _knobs(
    rng: np.random.Generator, fields: dict[str, Field], shape: Shape, depth: int, windows: bool = False
) -> dict[str, Any]:
    """Knobs by name; those that need not be written often are not, but with `windows` those of the window are."""
    usual = rng.random() < 0.3
    knobs = {}
    for name, field in fields.items():
        if (
            (windows and isinstance(field.kind, Pair | Padding))
            or field.required
            or rng.random() < (0.15 if usual else 0.5)
        ):
            plain = _plain(rng, field.kind, shape, depth)
            if plain is not None:
                knobs[name] = plain
    return knobs


def _plain(rng: np.random.Generator, kind: Kind, shape: Shape, depth: int) -> Any:
    """Plain data for a kind, None for one that is left as it is (labels, literal numbers, initializers)."""
    if isinstance(kind, Flag):
        return bool(rng.random() < 0.5)
    if isinstance(kind, Choice):
        return str(rng.choice(kind.words))
    if isinstance(kind, Padding):
        return _padding(rng)
    if isinstance(kind, Margins):
        few = [_one(rng, [0, 1, 1, 2]) for _ in range(4)]
        return few if rng.random() < 0.5 else few[0]
    if isinstance(kind, Pair):
        first, second = (_window(rng) for _ in range(2))
        return [first, second] if rng.random() < 0.5 else first
    if isinstance(kind, Either | Mapped):
        return _plain(rng, kind.other, shape, depth)
    if isinstance(kind, Integer):
        return max(int(kind.bounds.get("minimum", 0)), _count(rng, shape))
    if isinstance(kind, Number):
        return _number(rng, kind)
    if isinstance(kind, ByEpoch):
        return {str(epoch): _number(rng, kind.number) for epoch in (0, 0.5, 2) if rng.random() < 0.7} or {"1": 0.1}
    if isinstance(kind, ListOf) and type(kind.kind) is Number and kind.minimum:
        return sorted({_number(rng, kind.kind) for _ in range(2)}) if kind.maximum is None else None
    if isinstance(kind, ListOf) and _holds_layers(kind):
        return _layers_for(rng, kind, shape, depth)
    return None


def _padding(rng: np.random.Generator) -> Any:
    few = [0, 0, 1, 1, 2, 3]
    return [
        lambda: "same",
        lambda: "valid",
        lambda: _one(rng, few),
        lambda: [_one(rng, few), _one(rng, few)],
        lambda: [[_one(rng, few), _one(rng, few)], [_one(rng, few), _one(rng, few)]],
        lambda: 1,
    ][int(rng.integers(6))]()


def _window(rng: np.random.Generator) -> int:
    return int(rng.choice([1, 2, 3, 4, 5, 7], p=[0.25, 0.25, 0.3, 0.07, 0.1, 0.03]))


FAR = 1e30
"""Bounds beyond it are the number type's, and not the knob's."""


def _number(rng: np.random.Generator, kind: Number) -> float:
    """Within its bounds: often at the lower one where it may be, and never so near to another that nothing is left."""
    least, most = float(kind.bounds["minimum"]), float(kind.bounds["maximum"])
    # what float32 holds at all is no range to draw from: everything would overflow
    low = 0.0 if least < -FAR or 0 < least < 1 / FAR else least
    high = low + 1 if most > FAR else most
    if low == least and rng.random() < 0.2:
        return low
    return round(float(low + (high - low) * rng.uniform(0.05, 0.95)), 3)


def _holds_layers(kind: Kind) -> bool:
    while isinstance(kind, ListOf):
        kind = kind.kind
    return isinstance(kind, OneOf) and kind.family is LAYERS


def _layers_for(rng: np.random.Generator, kind: ListOf, shape: Shape, depth: int) -> Any:
    """A list of layers, or of such lists; most leave the shape as it is, for what must meet again."""
    if isinstance(kind.kind, ListOf):
        paths = [_layers_for(rng, kind.kind, shape, depth) for _ in range(kind.minimum + int(rng.integers(2)))]
        if rng.random() < 0.3:
            paths[int(rng.integers(len(paths)))] = SPREAD[int(rng.integers(len(SPREAD)))]
        return paths
    wanted = shape if rng.random() < 0.8 else None
    for _ in range(AGAIN):
        layers = stack(rng, shape, int(rng.integers(kind.minimum, 4)), depth - 1)
        if len(layers) < kind.minimum:
            continue
        operations = traced(layers, shape)
        if wanted is None or (operations[-1].output.shape if operations else shape) == wanted:
            return layers
    return ["tanh"] if kind.minimum else []


def _count(rng: np.random.Generator, shape: Shape | None = None) -> int:
    """A small whole number, often the input's channels, where one is known."""
    if shape is not None and rng.random() < 0.25:
        return shape.channels
    return _one(rng, (1, 2, 3, 4, *CHANNELS) if rng.random() < 0.6 else (1, 2, 3))


def _one(rng: np.random.Generator, among: Sequence[int]) -> int:
    return int(among[int(rng.integers(len(among)))])
