"""The reference engine: the same network step by step in plain NumPy, to be read, and to test the native one by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from xonet import randomness
from xonet.data.augment import AUGMENTATIONS
from xonet.engine.plan import Epoch, OnStep, Plan, Recipe, State, Take, one_hot
from xonet.engine.reference_updating import ReferenceUpdating
from xonet.engine.statistics import forget, running
from xonet.layers import LAYERS
from xonet.layers._graph import Operation, Value
from xonet.layers._run import Run
from xonet.losses import LOSSES

AT_ONCE = 256
"""Pictures of one forward pass outside training."""


@dataclass(frozen=True)
class Draw:
    """Random numbers of one batch, for an augmentation."""

    seed: int
    stream: int
    step: int
    pictures: int

    def uniform(self, count: int) -> np.ndarray:
        """(pictures, count) in [0, 1)."""
        return randomness.uniform(self.seed, self.stream, self.step, self.pictures, count)

    def normal(self, count: int) -> np.ndarray:
        """(pictures, count), normally distributed."""
        return randomness.normal(self.seed, self.stream, self.step, self.pictures, count)


def quietly() -> np.errstate:
    """Within it, nothing warns of what becomes infinite or NaN: as with the native engine, the numbers say it."""
    return np.errstate(all="ignore")


class ReferenceEngine:
    """Runs a plan in NumPy; with a plan in float64, in float64."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.parameters = plan.places.views(plan.flat)
        self.quick: Callable[[Any], np.ndarray | None] | None = None

    def own(self, operation: Operation) -> dict[str, np.ndarray]:
        """An operation's parameters by their short names."""
        return {p.name: self.parameters[operation.full_name(p)] for p in operation.parameters}

    def input(self, pictures: np.ndarray) -> np.ndarray:
        """Network values of pictures."""
        return self.plan.values(pictures).astype(self.plan.flat.dtype, copy=False)

    def forward(self, x: np.ndarray, training: bool = False, seed: int = 0, step: int = 0) -> dict[Value, np.ndarray]:
        """Every value of the network for input values x (n, ...)."""
        values = {self.plan.operations[0].inputs[0]: x}
        for operation in self.plan.operations:
            run = self._run(operation, training, seed, step, len(x))
            values[operation.output] = self.run_forward(operation, _inputs(operation, values), run)
        return values

    def run_forward(self, operation: Operation, x: Any, run: Run) -> np.ndarray:
        """One operation's output."""
        reference = LAYERS.part(operation.layer, "reference")
        with quietly():
            return np.asarray(reference.forward(operation.layer, self.own(operation), x, run))

    def run_backward(self, operation: Operation, x: Any, y: np.ndarray, dy: np.ndarray, run: Run) -> Any:
        """The gradient of one operation's input, or the list of them, and those of its parameters by short names."""
        reference = LAYERS.part(operation.layer, "reference")
        with quietly():
            return reference.backward(operation.layer, self.own(operation), x, y, dy, run)

    def backward(
        self, values: dict[Value, np.ndarray], dy: np.ndarray, seed: int = 0, step: int = 0
    ) -> dict[str, np.ndarray]:
        """The gradient of every trained parameter by its full name, from the last output's gradient dy."""
        last = self.plan.operations[-1].output
        gradients: dict[Value, np.ndarray] = {last: dy.reshape(values[last].shape)}
        found: dict[str, np.ndarray] = {}
        for operation in reversed(self.plan.operations):
            run = self._run(operation, True, seed, step, len(dy))
            x, y, dy = _inputs(operation, values), values[operation.output], gradients.pop(operation.output)
            dx, own = self.run_backward(operation, x, y, dy, run)
            for parameter in operation.parameters:
                if parameter.trainable:
                    found[operation.full_name(parameter)] = own[parameter.name]
            for value, part in zip(operation.inputs, dx if isinstance(dx, list) else [dx], strict=True):
                gradients[value] = gradients[value] + part if value in gradients else part
        return found

    def scores(self, pictures: np.ndarray, take: Take | None = None) -> np.ndarray:
        """(n, ...) pictures to (n, outputs) scores; where `take` gets them, none come back."""
        return self.plan.turn.take(self._scores, pictures, take)

    def _scores(self, pictures: np.ndarray, take: Take | None) -> np.ndarray:
        last = self.plan.operations[-1].output
        outputs, kind = self.plan.outputs, self.plan.memory.array.dtype
        scores = np.zeros((0 if take else len(pictures), outputs), kind)
        for first in range(0, len(pictures), AT_ONCE):
            x = self.input(pictures[first : first + AT_ONCE])
            some = self.forward(x)[last].reshape(-1, outputs)
            if take:
                take(first, some)
            else:
                scores[first : first + AT_ONCE] = some
        return scores

    def statistics(self, recipe: Recipe, epoch: Epoch) -> dict[str, np.ndarray]:
        """See `Engine`."""
        return self.plan.turn.take(self._statistics, recipe, epoch)

    def _statistics(self, recipe: Recipe, epoch: Epoch) -> dict[str, np.ndarray]:
        kept = {name: array.copy() for name, array in self.parameters.items()}
        shares = {name: 1 / (1 - momentum) for name, momentum in running(self.plan.operations).items()}
        sums = {name: np.zeros_like(kept[name]) for name in shares}
        firsts = range(0, len(epoch.order), recipe.batch_size)
        for number, first in enumerate(firsts):
            forget(self.plan.operations, self.parameters)
            x = self.input(epoch.pictures[epoch.order[first : first + recipe.batch_size]])
            x = self._augmented(recipe, x, epoch.first_step + number)
            self._observe(self.forward(x, training=True, seed=recipe.seed, step=epoch.first_step + number))
            for name, share in shares.items():
                sums[name] += self.parameters[name] * share / len(firsts)
        for name in shares:
            self.parameters[name][...] = kept[name]
        return sums

    def gradient(
        self, recipe: Recipe, pictures: np.ndarray, targets: np.ndarray | None, step: int = 0
    ) -> tuple[np.ndarray, np.ndarray]:
        """See `Engine`."""
        with quietly():
            scores, _, flat = self.plan.turn.take(self._gradient, recipe, pictures, targets, step)
        return scores, flat

    def train(
        self, recipe: Recipe, state: State, epoch: Epoch, on_step: OnStep | None = None, take: Take | None = None
    ) -> tuple[np.ndarray, int]:
        """See `Engine`."""
        return self.plan.training.take(self._train, recipe, state, epoch, on_step, take)

    def _train(
        self, recipe: Recipe, state: State, epoch: Epoch, on_step: OnStep | None, take: Take | None
    ) -> tuple[np.ndarray, int]:
        all_scores = np.zeros((0 if take else len(epoch.order), self.plan.outputs), np.float32)
        updating = ReferenceUpdating(self.plan, recipe, state, epoch)
        for number in range(len(epoch.rates)):
            first = number * recipe.batch_size
            self.plan.turn.give_way()
            scores, good = self.plan.turn.take(self.plan.turn.change, self._step, recipe, epoch, number, updating)
            if take:
                take(first, scores)
            else:
                all_scores[first : first + len(scores)] = scores
            if not good:
                return all_scores, epoch.first_step + number
            if on_step and on_step(number + 1):
                break
        return all_scores, -1

    def _step(self, recipe: Recipe, epoch: Epoch, number: int, updating: ReferenceUpdating) -> tuple[np.ndarray, bool]:
        """Step `number` of an epoch: its scores, and whether they are finite."""
        first = number * recipe.batch_size
        here = slice(first, first + recipe.batch_size)
        chosen, shares = epoch.order[here], epoch.shares(recipe.batch_size)
        targets = None if epoch.targets is None else epoch.targets[chosen]
        with quietly():  # what becomes NaN is looked for and told
            scores, values, gradient = self._gradient(
                recipe,
                epoch.pictures[chosen],
                targets,
                epoch.first_step + number,
                None if shares is None else shares[here],
            )
            self._observe(values)
            if not np.isfinite(scores).all():
                return scores, False
            updating.take(number, gradient)
        return scores, True

    def _gradient(
        self,
        recipe: Recipe,
        pictures: np.ndarray,
        targets: np.ndarray | None,
        step: int,
        shares: np.ndarray | None = None,
    ) -> tuple[np.ndarray, dict[Value, np.ndarray], np.ndarray]:
        x = self.input(pictures)
        wanted = one_hot(x if targets is None else targets, self.plan.outputs, self.plan.flat.dtype.type)
        x = self._augmented(recipe, x, step)
        values = self.forward(x, training=True, seed=recipe.seed, step=step)
        scores = values[self.plan.operations[-1].output].reshape(len(x), -1)
        dy = LOSSES.part(recipe.loss, "reference").backward(recipe.loss, scores, wanted)
        dy = dy / len(x) if shares is None else dy * shares[:, None]
        flat = np.zeros(self.plan.places.trained, self.plan.flat.dtype)
        views = self.plan.places.views(flat)
        for name, gradient in self.backward(values, dy, recipe.seed, step).items():
            if name not in recipe.frozen:
                views[name][...] = gradient
        return scores, values, flat

    def _augmented(self, recipe: Recipe, x: np.ndarray, step: int) -> np.ndarray:
        for number, augmentation in enumerate(recipe.augment):
            draw = Draw(recipe.seed, randomness.AUGMENT_STREAM + number, step, len(x))
            x = AUGMENTATIONS.part(augmentation, "reference").apply(augmentation, x, draw)
        return x

    def _observe(self, values: dict[Value, np.ndarray]) -> None:
        for operation in self.plan.operations:
            observe: Any = getattr(LAYERS.part(operation.layer, "reference"), "observe", None)
            if observe:
                observe(operation.layer, self.own(operation), _inputs(operation, values))

    def _run(self, operation: Operation, training: bool, seed: int, step: int, pictures: int) -> Run:
        return Run(training, partial(randomness.uniform, seed, operation.index, step, pictures))


def _inputs(operation: Operation, values: dict[Value, np.ndarray]) -> Any:
    """The operation's input array, or the list of them where several ways meet."""
    arrays = [values[value] for value in operation.inputs]
    return arrays if len(arrays) > 1 else arrays[0]
