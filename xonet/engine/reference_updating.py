"""What the reference engine does with a gradient: the same as `updating`, in plain NumPy."""

from __future__ import annotations

import numpy as np

from xonet.engine.plan import EMA, Epoch, Plan, Recipe, State
from xonet.network.learning import GradientClip
from xonet.optimizers import OPTIMIZERS, Optimizer


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
            rate, update = float(self.epoch.rates[number]), self.epoch.updates + number // rounds + 1
            self._update(optimizer, mean, rate, update)

    def _update(self, optimizer: Optimizer, gradient: np.ndarray, rate: float, number: int) -> None:
        """The optimizer's step number `number`, from 1, one parameter after the other."""
        step, places = OPTIMIZERS.part(optimizer, "reference").step, self.plan.places
        parameters, gradients = places.views(self.plan.flat), places.views(gradient)
        for name, own in gradients.items():
            own += 2 * places.places[name].l2 * parameters[name]
        gradients = places.views(clipped(gradient, self.recipe.clip))
        vectors = {name: places.views(vector) for name, vector in self.state.vectors.items()}
        missed = dict(self.recipe.missed)
        for name in gradients.keys() - self.recipe.frozen:
            place = places.places[name]
            kept = {vector: views[name] for vector, views in vectors.items()}
            decayed = optimizer.decayed(place.decay_factor)
            updates = number - missed.get(name, 0)
            step(decayed, parameters[name], gradients[name], kept, rate * place.rate_factor, updates)
            if place.max_norm:
                shorten_units(parameters[name], place.max_norm)
        average = self.recipe.average
        if average is not None:
            trained, kept_average = self.plan.flat[: places.trained], self.state.vectors[EMA]
            first = number - 1 == average.begun
            kept_average += (trained - kept_average) * (1 if first else 1 - average.decay)


def clipped(gradient: np.ndarray, clip: GradientClip | None) -> np.ndarray:
    """The whole gradient, as PyTorch's clip_grad_norm_ or clip_grad_value_ leave it."""
    if clip is not None and clip.value is not None:
        return gradient.clip(-clip.value, clip.value)
    if clip is not None and clip.norm is not None:
        gradient = gradient * min(1.0, clip.norm / (np.sqrt(np.vdot(gradient, gradient)) + 1e-6))
    return gradient


def shorten_units(weights: np.ndarray, most: float) -> None:
    """Each unit's weights, in place, as Keras' MaxNorm and PyTorch's renorm leave them."""
    rows = weights.reshape(len(weights), -1)
    lengths = np.sqrt(np.square(rows).sum(axis=1, keepdims=True))
    rows *= np.where(lengths > most, most / (lengths + 1e-7), 1)
