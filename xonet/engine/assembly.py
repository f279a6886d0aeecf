"""Whole programs: what a training step is, and what an inference step is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xonet.data.augment import AUGMENTATIONS
from xonet.data.augment._site import AugmentSite
from xonet.engine import native as ends
from xonet.engine.builder import Builder
from xonet.engine.memory import share_places
from xonet.engine.plan import Recipe
from xonet.engine.statistics import collecting
from xonet.engine.updates import Updates
from xonet.kernels import LANES
from xonet.kernels.registers import Phase, Register
from xonet.layers._graph import Operation
from xonet.losses import LOSSES, Loss
from xonet.losses._site import LossSite
from xonet.program.layout import Layout
from xonet.program.rows import Parts, Program, Ref, Row
from xonet.randomness import AUGMENT_STREAM


@dataclass(frozen=True)
class Feed:
    """How pictures come in: raw bytes with a factor and an offset a channel or a value, or network values."""

    factors: np.ndarray | None = None
    offsets: np.ndarray | None = None
    classes: bool = True
    """Whether targets are class numbers (int64) or values (float32)."""
    own_targets: bool = False
    """Whether a picture, as it comes in, is the target itself."""
    weighted: bool = False
    """Whether pictures count for more or less in the mean."""

    @property
    def kinds(self) -> tuple[bool, ...]:
        """What a program depends on beside the factors and offsets."""
        return self.factors is not None, self.classes, self.own_targets, self.weighted


def inference(operations: Sequence[Operation], places: Layout, feed: Feed, groups: int, workers: int = 1) -> Program:
    """Pictures in, scores out; `workers` share each group of pictures."""
    builder = Builder(operations, places, training=False, groups=groups, seed=0, workers=workers)
    program = builder.program
    begin = _load(builder, feed, _input(builder))
    sites = builder.sites()
    program.add(Phase.ROWS, builder.early_rows)
    program.add(Phase.ROWS, builder.prepare_rows)
    program.first_only = len(program.phases)
    program.add(Phase.GROUPS, begin)
    for site in sites:
        _add(program, site.forward_stages)
    program.add(Phase.GROUPS, [_unload(builder)])
    share_places(program)
    return program


def training(
    operations: Sequence[Operation],
    places: Layout,
    feed: Feed,
    recipe: Recipe,
    steps: bool = True,
    workers: int = 1,
    measures: bool = False,
) -> Program:
    """Forward, loss, backward, step; where nothing is to be changed (not `steps`), the gradient stays in its slots.

    Where it only `measures`, there is the way forward, and what layers keep is added up: see `statistics`.

    `workers` share each group of pictures.
    """
    groups, optimizer = groups_of(recipe.batch_size), recipe.optimizer if steps else None
    builder = Builder(
        operations, places, training=True, groups=groups, seed=recipe.seed, workers=workers, frozen=recipe.frozen
    )
    program = builder.program
    begin = _load(builder, feed, _input(builder))
    first = operations[0].inputs[0]
    for number, augmentation in enumerate(recipe.augment):
        place = AugmentSite(program, begin, builder.value(first), first.shape, recipe.seed, AUGMENT_STREAM + number)
        AUGMENTATIONS.part(augmentation, "native").lower(augmentation, place)
    last = operations[-1].output
    loss_rows = [] if measures else _loss(builder, recipe.loss, feed)
    sites = builder.sites()
    program.add(Phase.ROWS, builder.prepare_rows)
    program.first_only = len(program.phases)
    program.add(Phase.GROUPS, begin)
    for site in sites:
        _add(program, site.forward_stages)
    program.add(Phase.GROUPS, [_unload(builder), *loss_rows])
    if measures:
        program.add(Phase.ROWS, [*collecting(program, places, operations)])
        share_places(program)
        return program
    by_operation = {site.operation: site for site in sites}
    for operation in reversed(operations):
        if operation.output is not last:
            for parts in builder.fan_in_rows(operation.output):
                program.add_parts(parts)
        if operation in by_operation:
            _add(program, by_operation[operation].backward_stages)
    if optimizer is not None:
        Updates(program, places, recipe).add(builder.prepare_rows)
    share_places(program)
    return program


def _add(program: Program, stages: Sequence[tuple[Phase, Parts]]) -> None:
    for kind, parts in stages:
        if kind is Phase.GROUPS:
            program.add_parts(parts)
        else:
            program.add(kind, [row for rows in parts for row in rows])


def _input(builder: Builder) -> Ref:
    return builder.value(builder.operations[0].inputs[0])


def _load(builder: Builder, feed: Feed, x: Ref) -> list[Row]:
    """Pictures to network values at x."""
    value = builder.operations[0].inputs[0]
    size = value.shape.size
    pictures, indices, lanes = Ref(Register.PICTURES), Ref(Register.INDICES), Ref(Register.LANES)
    block = builder.program.take_scratch(LANES * LANES)
    if feed.factors is None or feed.offsets is None:
        return [builder.program.row(ends.load_values, (pictures, indices, x, block, lanes, size))]
    factors, offsets = feed.factors.ravel(), feed.offsets.ravel()
    arguments = (pictures, indices, x, block, lanes, size, factors, offsets, factors.size)
    return [builder.program.row(ends.load_raw, arguments)]


def _unload(builder: Builder) -> Row:
    last = builder.operations[-1].output
    arguments = (builder.value(last), Ref(Register.SCORES), Ref(Register.LANES), last.shape.size)
    return builder.program.row(ends.unload, arguments)


def _loss(builder: Builder, loss: Loss, feed: Feed) -> list[Row]:
    program, last = builder.program, builder.operations[-1].output
    outputs = last.shape.size
    targets, weight = program.take_activations(outputs), program.take_activations(1)
    lanes, indices, all_targets = Ref(Register.LANES), Ref(Register.INDICES), Ref(Register.TARGETS)
    block = program.take_scratch(LANES * LANES)
    if feed.own_targets:
        rows = _load(builder, feed, targets)
    elif feed.classes:
        load_classes = ends.load_classes if outputs > 1 else ends.load_second_class
        rows = [program.row(load_classes, (all_targets, indices, targets, lanes, outputs))]
    else:
        rows = [program.row(ends.load_values, (all_targets, indices, targets, block, lanes, outputs))]
    if feed.weighted:
        rows.append(program.row(ends.weigh_each, (weight, lanes, Ref(Register.WEIGHTS))))
    else:
        rows.append(program.row(ends.weigh, (weight, lanes, Ref(Register.COUNT))))
    dy = builder.gradient_of(last)
    site = LossSite(program, rows, builder.value(last), targets, weight, dy, outputs)
    LOSSES.part(loss, "native").lower(loss, site)
    rows.append(program.row(ends.check_nan, (dy, outputs, Ref(Register.CONTROL), Ref(Register.STEP))))
    return rows


def groups_of(pictures: int) -> int:
    """Groups of sixteen that hold so many pictures."""
    return -(-pictures // LANES)
