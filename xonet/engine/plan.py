"""What both engines run: operations, their parameters in one flat vector, and how raw pictures become values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from xonet.data.augment import Augmentation
from xonet.engine.lending import Memory
from xonet.engine.storage import Layout, aligned
from xonet.layers._graph import Operation
from xonet.losses import Loss
from xonet.optimizers import Optimizer


@dataclass(frozen=True)
class Plan:
    """A network ready to run; the engine reads and writes its parameters."""

    operations: Sequence[Operation]
    places: Layout
    numbers: np.ndarray
    """The parameters' memory, from now on the plan's: to be read and written through `flat`, or `memory`."""
    factors: np.ndarray
    """By channel: network value = raw byte · factor + offset."""
    offsets: np.ndarray
    memory: Memory = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "memory", Memory(self.numbers))

    @property
    def flat(self) -> np.ndarray:
        """All parameters in one vector, to read and to write."""
        return self.memory.lend()

    @property
    def outputs(self) -> int:
        """How many scores a picture gets."""
        return self.operations[-1].output.shape.size


@dataclass(frozen=True)
class Recipe:
    """How a network is trained, step by step."""

    loss: Loss
    batch_size: int
    seed: int = 0
    optimizer: Optimizer | None = None
    augment: Sequence[Augmentation] = ()


@dataclass(frozen=True, eq=False)
class State:
    """An optimizer's vectors, each as long as the trained parameters, one behind the other in `memory`.

    Two are equal only if they are the same one.
    """

    names: tuple[str, ...]
    memory: np.ndarray

    @classmethod
    def new(cls, optimizer: Optimizer, places: Layout) -> State:
        """Zeros, as every training begins."""
        count = len(optimizer.state)
        return cls(optimizer.state, aligned(count * places.trained).reshape(count, places.trained))

    @property
    def vectors(self) -> dict[str, np.ndarray]:
        """Each by its name."""
        return dict(zip(self.names, self.memory, strict=True))


@dataclass
class Epoch:
    """One pass over some training pictures."""

    pictures: np.ndarray
    """(n, ...) uint8 raw, or float32 network values."""
    targets: np.ndarray
    """(n,) int64 class numbers, or (n, outputs) float32 values."""
    order: np.ndarray
    """Which pictures, in which order, int64."""
    rates: np.ndarray
    """The learning rate of each step, float32."""
    first_step: int = 0


class Watch(Protocol):
    """Told now and then how many steps of an epoch are done."""

    def __call__(self, steps: int) -> None:
        """After `steps` steps."""


class Engine(Protocol):
    """What runs a plan: `native` or `reference`."""

    quick: Callable[[Any], np.ndarray | None] | None
    """`scores` of exactly one picture of float32, the short way, once there is one; of anything else, None."""

    def scores(self, pictures: np.ndarray) -> np.ndarray:
        """(n, ...) pictures to (n, outputs) float32 scores."""

    def train(self, recipe: Recipe, state: State, epoch: Epoch, watch: Watch | None = None) -> tuple[np.ndarray, int]:
        """An epoch's steps: the scores that training saw, in order, and the step whose loss was no number, or -1."""

    def gradient(
        self, recipe: Recipe, pictures: np.ndarray, targets: np.ndarray, step: int = 0
    ) -> tuple[np.ndarray, np.ndarray]:
        """Scores of one batch in training mode, and the gradient of its mean loss, (places.trained,)."""


def one_hot(targets: np.ndarray, outputs: int, dtype: type = np.float32) -> np.ndarray:
    """Targets as losses want them, (n, outputs): class numbers become 1 for the right class and 0 elsewhere."""
    if targets.ndim == 1 and np.issubdtype(targets.dtype, np.integer):
        return np.eye(outputs, dtype=dtype)[targets]
    return targets.reshape(len(targets), outputs).astype(dtype, copy=False)
