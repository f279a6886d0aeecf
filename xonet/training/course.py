"""How far a model has been trained, and what training needs of one."""

from __future__ import annotations

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

    def fits(self, optimizer: Optimizer) -> bool:
        """Whether an optimizer can go on with the state: one of the same kind, whatever its learning rate."""
        return type(optimizer) is type(self.optimizer)


class Trainable(Protocol):
    """What training needs of a model."""

    network: Network
    plan: Plan
    engine: Engine
    course: Course | None

    @property
    def loss(self) -> Loss:
        """What is made smaller."""

    @property
    def parameters(self) -> Mapping[str, np.ndarray]:
        """Every parameter by its full name, to read and to write."""
