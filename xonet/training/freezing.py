"""Which parameters an epoch leaves as they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from xonet.engine.plan import Recipe
from xonet.layers._graph import Operation
from xonet.layers._learned import Learned


def frozen(operations: Iterable[Operation], epoch: int) -> frozenset[str]:
    """Full names of the parameters that are trained, but not in this epoch, counted from 0."""
    return frozenset(
        operation.full_name(parameter)
        for operation in operations
        if isinstance(operation.layer, Learned) and operation.layer.frozen(epoch)
        for parameter in operation.parameters
        if parameter.trainable
    )


def missed(
    operations: Iterable[Operation], updates: Sequence[int], before: Mapping[str, int] | None = None
) -> dict[str, int]:
    """By full name, how many updates parameters missed: of the `updates` of each epoch, and of those before."""
    found = dict(before or {})
    operations = list(operations)
    for epoch, count in enumerate(updates):
        for name in frozen(operations, epoch):
            found[name] = found.get(name, 0) + count
    return found


def of_epoch(recipe: Recipe, operations: Iterable[Operation], epoch: int, late: Mapping[str, int]) -> Recipe:
    """The recipe of an epoch, counted from 0; the same again where the same parameters are frozen.

    Args:
        recipe: That of epochs in which nothing is frozen.
        operations: The network's.
        epoch: Which one, counted from 0.
        late: How many updates parameters have missed so far.
    """
    still = frozen(operations, epoch)
    counts = tuple(sorted((name, count) for name, count in late.items() if name not in still))
    return replace(recipe, frozen=still, missed=counts)
