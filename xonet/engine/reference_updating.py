"""What the reference engine does with a gradient: the same as `updating`, in plain NumPy."""

from __future__ import annotations

import numpy as np

from xonet.engine.plan import Epoch, Plan, Recipe, State
from xonet.network.learning import GradientClip
from xonet.optimizers import OPTIMIZERS


class ReferenceUpdating:
    """One epoch's gradients become updates of a plan's parameters."""

    def __init__(self, plan: Plan, recipe: Recipe, state: State, epoch: Epoch) -> None:
        self.plan, self.recipe, self.state, self.epoch = plan, recipe, state, epoch
        self.gradients: list[np.ndarray] = []
        """Of the batches of this round."""

    def take(self, number: int, gradient: np.ndarray) -> None:
        """The gradient of step `number` of the epoch; parameters change where that ends a round."""
        self.gradients.append(gradient)
        rounds = self.recipe.accumulate
        if len(self.gradients) < rounds and number + 1 < len(self.epoch.rates):
            return
        mean = sum(self.gradients[1:], self.gradients[0]) / len(self.gradients)
        self.gradients = []
        optimizer = self.recipe.optimizer
        if optimizer is not None:
            trained = self.plan.flat[: self.plan.places.trained]
            rate, update = float(self.epoch.rates[number]), self.epoch.updates + number // rounds + 1
            step = OPTIMIZERS.part(optimizer, "reference").step
            step(optimizer, trained, clipped(mean, self.recipe.clip), self.state.vectors, rate, update)


def clipped(gradient: np.ndarray, clip: GradientClip | None) -> np.ndarray:
    """The whole gradient, as PyTorch's clip_grad_norm_ or clip_grad_value_ leave it."""
    if clip is not None and clip.value is not None:
        return gradient.clip(-clip.value, clip.value)
    if clip is not None and clip.norm is not None:
        gradient = gradient * min(1.0, clip.norm / (np.sqrt(np.vdot(gradient, gradient)) + 1e-6))
    return gradient
