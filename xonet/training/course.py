"""How far a model has been trained, and what training needs of one."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from xonet.engine.plan import Engine, Plan, State
from xonet.losses import Loss
from xonet.network import Network
from xonet.optimizers import Optimizer


@dataclass(frozen=True, eq=False)
class Course:
    """How far a model has been trained by `Model.fit`, from where the next call goes on."""

    optimizer: Optimizer
    state: State
    epochs: int
    """How many there were, of whatever data: shuffling counts them."""
    steps: int
    """How many there were: dropout and augmentation count them."""
    updates: int
    """How many changes of the parameters the optimizer's state has seen."""

    missed: Mapping[str, int] = dataclasses.field(default_factory=dict)
    """By full name, how many of those updates there were while a parameter was frozen."""
    raw: np.ndarray | None = None
    """All parameters as training would go on with them, where the model got averages in the end; and what it got."""
    shown: np.ndarray | None = None

    def fits(self, optimizer: Optimizer) -> bool:
        """Whether an optimizer can go on with the state: one of the same kind, whatever its learning rate."""
        return type(optimizer) is type(self.optimizer)

    def goes_on_from(self, numbers: np.ndarray) -> bool:
        """Whether a model with these parameters has the averages that it got, so that training goes on with `raw`."""
        return self.shown is not None and np.array_equal(numbers, self.shown)


class Trainable(Protocol):
    """What training needs of a model."""

    network: Network
    plan: Plan
    engine: Engine
    course: Course | None
    statistics: dict[str, np.ndarray]

    @property
    def loss(self) -> Loss:
        """What is made smaller."""

    @property
    def parameters(self) -> Mapping[str, np.ndarray]:
        """Every parameter by its full name, to read and to write."""

    def set_statistics(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Take those of the input's statistics that are among `arrays`."""
