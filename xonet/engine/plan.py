"""What both engines run: operations, their parameters in one flat vector, and how raw pictures become values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from xonet.data.augment import Augmentation
from xonet.engine.borrowing import Memory
from xonet.layers._graph import Operation
from xonet.losses import Loss
from xonet.network.learning import GradientClip
from xonet.optimizers import Optimizer
from xonet.program.alignment import aligned
from xonet.program.layout import Layout
from xonet.turns import Turn

PART = 1 << 20
"""Scores that are handed over at a time, about: 4 MiB of them."""


@dataclass(frozen=True)
class Plan:
    """A network ready to run; the engine reads and writes its parameters."""

    operations: Sequence[Operation]
    places: Layout
    numbers: np.ndarray
    """The parameters' memory, from now on the plan's: to be read and written through `flat`, or `memory`."""
    factors: np.ndarray
    """By channel, or with a mean picture by value: network value = raw byte · factor + offset."""
    offsets: np.ndarray
    memory: Memory = field(init=False)
    turn: Turn = field(init=False, default_factory=Turn)
    """Held while parameters are read or written, or an engine's memory is used; by a training a stretch at a time."""
    training: Turn = field(init=False, default_factory=Turn)
    """Held by a training from its first epoch to its last; taken before `turn`, never while that is held."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "memory", Memory(self.numbers))

    @property
    def flat(self) -> np.ndarray:
        """All parameters in one vector, to read and to write."""
        return self.memory.borrow()

    @property
    def outputs(self) -> int:
        """How many scores a picture gets."""
        return self.operations[-1].output.shape.size

    def values(self, pictures: np.ndarray) -> np.ndarray:
        """Network values of pictures, float32; what is no raw picture is that already."""
        if pictures.dtype != np.uint8:
            return pictures
        with np.errstate(all="ignore"):
            return np.asarray(pictures.astype(np.float32) * self.factors + self.offsets)

    def targets(self, pictures: np.ndarray, targets: np.ndarray | None) -> Targets:
        """What the network is to give for pictures: the targets, or without any the pictures themselves."""
        return OwnTargets(self, pictures) if targets is None else targets

    def copied(self) -> np.ndarray:
        """The parameters of one moment between two steps."""
        return self.turn.take(self.memory.array.copy)


@dataclass(frozen=True)
class Average:
    """The average of the parameters that `training.ema` keeps."""

    decay: float
    begun: int = 0
    """How many updates the optimizer's state had seen when it began: after the one behind them, it is a copy."""


EMA = "ema"
"""The name of that average's vector in a `State`."""


@dataclass(frozen=True)
class Recipe:
    """How a network is trained, step by step."""

    loss: Loss
    batch_size: int
    seed: int = 0
    optimizer: Optimizer | None = None
    augment: Sequence[Augmentation] = ()
    clip: GradientClip | None = None
    accumulate: int = 1
    """Steps whose gradients are averaged before one update."""
    frozen: frozenset[str] = frozenset()
    """Full names of parameters that are trained at other times, and not now."""
    missed: tuple[tuple[str, int], ...] = ()
    """Of parameters that were frozen before, how many of the updates that the optimizer's state has seen were then."""
    average: Average | None = None


@dataclass(frozen=True, eq=False)
class State:
    """An optimizer's vectors, and the parameters' average where there is one.

    Each is as long as the trained parameters; they lie one behind the other in `memory`.
    Two are equal only if they are the same one.
    """

    names: tuple[str, ...]
    memory: np.ndarray

    @classmethod
    def new(cls, optimizer: Optimizer, places: Layout, ema: bool = False) -> State:
        """Zeros, as every training begins; with `ema`, the last vector is the parameters' average."""
        names = (*optimizer.state, EMA) if ema else optimizer.state
        return cls(names, aligned(len(names) * places.trained).reshape(len(names), places.trained))

    def with_names_of(self, other: State) -> State:
        """This one's vectors where `other` has vectors of the same names, and else those of `other`."""
        if self.names == other.names:
            return self
        for name in set(self.names) & set(other.names):
            other.vectors[name][...] = self.vectors[name]
        return other

    @property
    def vectors(self) -> dict[str, np.ndarray]:
        """Each by its name."""
        return dict(zip(self.names, self.memory, strict=True))


@dataclass
class Epoch:
    """One pass over some training pictures."""

    pictures: np.ndarray
    """(n, ...) uint8 raw, or float32 network values."""
    targets: np.ndarray | None
    """(n,) int64 class numbers, or (n, outputs) float32 values; None where the pictures themselves are."""
    order: np.ndarray
    """Which pictures, in which order, int64."""
    rates: np.ndarray
    """The learning rate of each step, float32; what counts is that of a step that changes parameters."""
    first_step: int = 0
    """How many steps were before this epoch: random numbers count them."""
    first_update: int | None = None
    """How many updates this optimizer's state has seen; by default as many as there were steps."""
    weights: np.ndarray | None = None
    """(n,) What each picture weighs, float32; None where all weigh the same."""

    def shares(self, batch_size: int) -> np.ndarray | None:
        """(len(order),) float32, in that order: each picture's weight, divided by the sum of its batch's."""
        if self.weights is None:
            return None
        chosen = self.weights[self.order].astype(np.float64)
        totals = np.add.reduceat(chosen, np.arange(0, len(chosen), batch_size))
        return (chosen / np.repeat(totals, batch_size)[: len(chosen)]).astype(np.float32)

    @property
    def updates(self) -> int:
        """The same, worked out."""
        return self.first_step if self.first_update is None else self.first_update


class OnStep(Protocol):
    """Told now and then how many steps of an epoch are done."""

    def __call__(self, steps: int) -> bool | None:
        """After `steps` steps, whose scores are handed over; True ends the epoch here."""


class Take(Protocol):
    """Takes scores as they come, so that nobody has to hold all of them."""

    def __call__(self, first: int, scores: np.ndarray) -> None:
        """Scores (some, outputs), float32, the first of them number `first`; their memory is used again after that."""


def part_of(outputs: int, batch: int = 1) -> int:
    """Of how many pictures scores are handed over at a time: whole batches, and no more memory than `PART` or one."""
    return batch * max(1, PART // (batch * outputs))


class Engine(Protocol):
    """What runs a plan: `native` or `reference`."""

    quick: Callable[[Any], np.ndarray | None] | None
    """`scores` of exactly one picture of float32, the short way, once there is one; of anything else, None."""

    def scores(self, pictures: np.ndarray, take: Take | None = None) -> np.ndarray:
        """(n, ...) pictures to (n, outputs) float32 scores; where `take` gets them, none come back."""

    def train(
        self, recipe: Recipe, state: State, epoch: Epoch, on_step: OnStep | None = None, take: Take | None = None
    ) -> tuple[np.ndarray, int]:
        """An epoch's steps: the scores that training saw, in order, and the step whose loss was NaN, or -1.

        Where `take` gets the scores, none come back.
        """

    def statistics(self, recipe: Recipe, epoch: Epoch) -> dict[str, np.ndarray]:
        """What layers keep of the batches that training sees, as means over all batches of an epoch, by full name."""

    def gradient(
        self, recipe: Recipe, pictures: np.ndarray, targets: np.ndarray | None, step: int = 0
    ) -> tuple[np.ndarray, np.ndarray]:
        """Scores of one batch in training mode, and the gradient of its mean loss, (places.trained,).

        Without targets, that of giving the pictures back.
        """


class OwnTargets:
    """Pictures as what a network is to give for them: network values (n, size), made some at a time when asked for."""

    ndim = 2

    def __init__(self, plan: Plan, pictures: np.ndarray) -> None:
        self.plan, self.pictures = plan, pictures

    def __len__(self) -> int:
        return len(self.pictures)

    def __getitem__(self, which: slice | np.ndarray) -> np.ndarray:
        values = self.plan.values(self.pictures[which])
        return values.reshape(len(values), -1)


Targets = np.ndarray | OwnTargets


def one_hot(targets: np.ndarray, outputs: int, dtype: type = np.float32) -> np.ndarray:
    """Targets as losses want them, (n, outputs): class numbers become 1 for the right class and 0 elsewhere.

    A single output is the score of the second of two classes.
    """
    if targets.ndim == 1 and np.issubdtype(targets.dtype, np.integer) and outputs > 1:
        wanted: np.ndarray = np.zeros((len(targets), outputs), dtype)
        wanted[np.arange(len(targets)), targets] = 1
        return wanted
    return targets.reshape(len(targets), outputs).astype(dtype, copy=False)
