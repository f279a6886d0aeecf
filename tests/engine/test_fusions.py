"""Which rows layers become where one does another's work, for groups, for groups that workers share, and one by one.

What each of these fusions saves is asserted; what else a change does to the rows, the snapshots in `rows/` show.
"""

from __future__ import annotations

import os
from itertools import groupby
from pathlib import Path

import pytest

from tests.engine.test_native import SQUARED, plans, traced
from xonet.engine.assembly import Feed, inference, training
from xonet.engine.builder import Builder
from xonet.engine.plan import Recipe
from xonet.engine.single import SingleBuilder
from xonet.engine.storage import layout
from xonet.kernels import LANES, normalization, single, sliding, target
from xonet.kernels.registers import Phase, Register
from xonet.layers import LAYERS, _tables
from xonet.program import rows

FOLDER = Path(__file__).parent / "rows"
CONV = {"conv2d": {"features": 4, "kernel_size": 3, "padding": 1}}
WINOGRAD = {"conv2d": {"features": 17, "kernel_size": 3, "padding": 1}}
POINTWISE = {"conv2d": {"features": 17, "kernel_size": 1, "bias": False}}
DEPTHWISE = {"depthwise_conv2d": {"kernel_size": 3, "padding": 1, "bias": False}}
POOL = {"max_pool2d": {"window": 2}}
SHAPE = (4, 5, 17)

STACKS = {
    "conv-batch_norm-relu": [CONV, "batch_norm", "relu", CONV],
    "depthwise-pointwise": [POINTWISE, "batch_norm", "relu", DEPTHWISE, "batch_norm", "relu", POINTWISE, "batch_norm"],
    "pool": [CONV, "relu", POOL, CONV, {"avg_pool2d": {"window": 2}}, "relu"],
    "residual": [POINTWISE, {"residual": {"layers": [WINOGRAD, "batch_norm", "relu", WINOGRAD]}}, "relu", CONV],
}


@pytest.fixture(autouse=True)
def small_work_is_shared(monkeypatch):
    monkeypatch.setattr(rows, "WORTH_SHARING", 1)


@pytest.fixture(autouse=True)
def the_same_on_every_processor(monkeypatch):
    """Programs are only made here, not run: with the tiles of a processor with AVX-512."""
    monkeypatch.setattr(target, "wide", lambda: True)
    sizes = [function for function in vars(_tables).values() if hasattr(function, "cache_clear")]
    for function in sizes:
        function.cache_clear()
    yield
    for function in sizes:
        function.cache_clear()


def one_by_one(operations):
    """The rows for one picture, stage by stage, each with its parts."""
    plan, _ = plans(operations)
    builder = SingleBuilder(plan, raw=False)
    builder.build()
    return [("prepare", [builder.prepare_rows]), *(("stage", [[row] for row in stage]) for stage in builder.stages)]


def in_groups(trains, workers):
    """The same for groups; with one worker, phase by phase."""

    def rows_of(operations):
        places, recipe = layout(operations), Recipe(SQUARED, 32)
        if trains:
            program = training(operations, places, Feed(), recipe, steps=False, workers=workers)
        else:
            program = inference(operations, places, Feed(), 2, workers)
        found = []
        for kind, first, count in program.phases:
            if kind is Phase.GROUPS and workers > 1:
                for part, parts in program.stages[first : first + count]:
                    spans = program.parts[part : part + parts]
                    found.append(("stage", [program.rows[begin : begin + size] for begin, size in spans]))
            else:
                found.append((kind.name.lower(), [program.rows[first : first + count]]))
        return found

    return rows_of


WAYS = {
    "training": in_groups(True, 1),
    "training, two workers share a group": in_groups(True, 2),
    "inference": in_groups(False, 1),
    "inference, two workers share a group": in_groups(False, 2),
    "one picture": one_by_one,
}
EVERY_WAY = pytest.mark.parametrize("way", WAYS)


def found(layers, way, shape=SHAPE):
    """All rows of a way, and the operations."""
    operations = traced([LAYERS.make(layer) for layer in layers], shape)
    return [row for _, parts in WAYS[way](operations) for rows in parts for row in rows], operations


def owned_by(found_rows, word):
    """The rows that the layers of a word added; for one picture, those of its kernels."""
    return [
        row
        for row in found_rows
        if row.kernel.name.startswith(f"xonet.layers.{word}.")
        or (row.owner is not None and LAYERS.word(row.owner.layer) == word)
    ]


def counted(things):
    """What follows itself once, and how often it does."""
    return ((thing, len(list(alike))) for thing, alike in groupby(things))


def said(row):
    """A row in words: whose it is, its kernel, and which registers its places are counted from."""
    registers = [Register(register).name.lower() for register, _ in row.arguments if register]
    kernel = row.kernel.name.removeprefix("xonet.").removeprefix("kernels.").removeprefix("layers.")
    return f"{row.owner.path if row.owner else '-'}  {kernel.replace('.native', '')}  {' '.join(registers)}"


@pytest.mark.parametrize("name", STACKS)
def test_rows_are_those_of_the_snapshot(name):
    operations = traced([LAYERS.make(layer) for layer in STACKS[name]], SHAPE)
    lines = []
    for way, rows_of in WAYS.items():
        lines.append(way)
        for kind, parts in rows_of(operations):
            lines.append(f"  {kind}" if len(parts) == 1 else f"  {kind} of {len(parts)} parts")
            for part, alike in counted([list(counted(map(said, part))) for part in parts]):
                lines += [f"    the same in {alike}:"] if alike > 1 else ["    in one:"] if len(parts) > 1 else []
                lines += [f"    {line}" + (f" × {count}" if count > 1 else "") for line, count in part]
    text, snapshot = "\n".join(lines) + "\n", FOLDER / f"{name}.txt"
    if os.environ.get("XONET_WRITE"):
        FOLDER.mkdir(exist_ok=True)
        snapshot.write_text(text, encoding="utf-8")
    assert text == snapshot.read_text(encoding="utf-8"), (
        "if this is as it should be: XONET_WRITE=1 python -m pytest tests/engine/test_fusions.py"
    )


RESIDUAL = {"residual": {"layers": ["tanh"]}}
BESIDE = [
    [CONV, "relu"],
    [WINOGRAD, "relu"],
    [POINTWISE, "relu"],
    [DEPTHWISE, "relu"],
    [POINTWISE, "flatten", {"dense": {"units": 3}}, "relu"],
    [POINTWISE, "tanh", "batch_norm", "relu"],
    [POINTWISE, RESIDUAL, "relu"],
    [POINTWISE, "tanh", "relu", POOL],
]


@pytest.mark.parametrize("layers", BESIDE, ids=str)
@EVERY_WAY
def test_a_relu_is_done_by_its_neighbour(layers, way):
    assert not owned_by(found(layers, way)[0], "relu")


@pytest.mark.parametrize("layers", [[POINTWISE, "tanh", "relu"], ["relu", POINTWISE]], ids=str)
@EVERY_WAY
def test_a_relu_that_no_neighbour_can_do_has_a_row(layers, way):
    assert owned_by(found(layers, way)[0], "relu")


@pytest.mark.parametrize("first", [CONV, WINOGRAD, POINTWISE, DEPTHWISE], ids=str)
@pytest.mark.parametrize("relu", [[], ["relu"]], ids=["plain", "relu"])
@pytest.mark.parametrize("way", [way for way in WAYS if not way.startswith("training")])
def test_outside_training_weights_take_in_the_batch_norm_behind_them(first, relu, way):
    rows, (_, norm, *_) = found([first, "batch_norm", *relu], way)
    assert not [row for row in rows if row.owner is norm] and not owned_by(rows, "relu")
    assert sum(row.kernel is single.prepare_affine for row in rows) == 1


def test_a_batch_norm_that_others_look_past_is_not_taken_in():
    layers = [CONV, {"branches": {"paths": [["batch_norm"], ["tanh"]]}}]
    assert owned_by(found(layers, "inference")[0], "batch_norm")


@pytest.mark.parametrize("behind", [POINTWISE, DEPTHWISE], ids=["pointwise", "depthwise"])
def test_in_training_a_batch_norm_between_pixels_stores_nothing(behind):
    """What it makes, forward and back, lies only for a moment, where its neighbour reads it."""
    rows, _ = found([POINTWISE, "batch_norm", "relu", behind], "training")
    place = {normalization.apply: 1, normalization.backward: 2}
    written = {(row.kernel, row.arguments[place[row.kernel]][0]) for row in rows if row.kernel in place}
    assert written == {(kernel, Register.SCRATCH) for kernel in place}


@pytest.mark.parametrize("beside", [{"conv2d": {"features": 3, "kernel_size": 2}}, "tanh"], ids=str)
def test_in_training_a_batch_norm_beside_other_layers_is_stored(beside):
    rows, _ = found([beside, "batch_norm", {"dense": {"units": 2}}], "training")
    written = {row.arguments[1][0] for row in rows if row.kernel is normalization.apply}
    assert written == {Register.ACTIVATIONS}


@pytest.mark.parametrize(
    ("way", "register"), [("inference", "SCRATCH"), ("inference, two workers share a group", "ACTIVATIONS")]
)
def test_a_pointwise_convolution_makes_what_a_depthwise_one_is_about_to_read(way, register):
    """Where one worker has the whole group: several would each need all channels of it."""
    rows, (first, *_) = found([POINTWISE, "relu", DEPTHWISE], way)
    written = {row.arguments[3][0] for row in rows if row.owner is first and row.kernel is sliding.conv_forward}
    assert written == {Register[register]}


@pytest.mark.parametrize(
    ("layer", "inside"),
    [
        ({"conv2d": {"features": 16, "kernel_size": 1}}, False),
        ({"conv2d": {"features": 40, "kernel_size": 1}}, True),
        (DEPTHWISE, True),
        ({"depthwise_conv2d": {"kernel_size": 3, "padding": 1, "stride": 2}}, False),
    ],
    ids=str,
)
@pytest.mark.parametrize("workers", [1, 2])
def test_a_gradient_lies_where_an_output_did_if_there_is_room(layer, inside, workers):
    """The batch_norm makes the output's gradient of the output pixel by pixel, and needs none of those before it."""
    operations = traced([LAYERS.make(one) for one in (POINTWISE, layer, "batch_norm")], SHAPE)
    builder = Builder(operations, layout(operations), training=True, groups=2, seed=0, workers=workers)
    own = operations[1]
    y, dx = builder.value(own.output).offset, builder.gradient_for(own, 0).offset
    size, dx_size = (4 * LANES * value.shape.size for value in (own.output, own.inputs[0]))
    if inside and workers == 1:
        assert dx + dx_size == y + size and dx >= y
    else:
        assert dx >= y + size or dx + dx_size <= y
