"""The loop over epochs."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from xonet import randomness
from xonet.data import Dataset
from xonet.engine.plan import EMA, Average, Epoch, OnStep, Recipe, State, Targets
from xonet.losses import LABELS
from xonet.schedules import Schedule
from xonet.training.averages import Averages
from xonet.training.course import Course, Trainable
from xonet.training.freezing import missed, of_epoch
from xonet.training.history import History, Row
from xonet.training.metrics import Meter
from xonet.training.settings import Settings
from xonet.training.weights import example_weights


class LossIsNaN(ArithmeticError):
    """The loss, or a parameter, became NaN or inf; the model has the weights of the last good epoch."""

    def __init__(self, epoch: int, step: int | None) -> None:
        where = f"in step {step} of epoch {epoch}" if step is not None else f"on the validation data of epoch {epoch}"
        kept = f"from the end of epoch {epoch - 1}" if epoch > 1 else "from before the first epoch"
        self.epoch, self.step = epoch, step
        super().__init__(
            f"the loss became NaN or inf {where}; the weights {kept} are kept. A smaller learning rate usually helps."
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.epoch, self.step)  # an exception is copied by its text otherwise


class Trainer:
    """Trains a model epoch by epoch; between two epochs it can be captured, and restored later or elsewhere.

    Args:
        model: What is trained, in place.
        train: The pictures to learn from.
        validation: What each epoch is evaluated on.
        settings: How to train.
        on_epoch: Called with each epoch's row when the epoch is over.
        on_step: Called now and then with the number of steps done in the current epoch.
        course: Where to continue from; without one, training starts anew.

    Raises:
        ValueError: if there is nothing to train on, or early stopping monitors what is not measured.
    """

    def __init__(
        self,
        model: Trainable,
        train: Dataset,
        validation: Dataset | None,
        settings: Settings,
        on_epoch: Callable[[Row], None] | None = None,
        on_step: OnStep | None = None,
        course: Course | None = None,
    ) -> None:
        if not len(train) or (validation is not None and not len(validation)):
            raise ValueError("there must be at least one picture to train on, and to validate on")
        self.model, self.train, self.validation, self.settings = model, train, validation, settings
        self.on_epoch, self.on_step = on_epoch, on_step
        self.history = History()
        kept = course is not None and course.fits(settings.optimizer)
        self.state = State.new(settings.optimizer, model.plan.places, ema=settings.ema is not None)
        had_average = bool(course and kept and EMA in course.state.names)
        if course and kept:
            self.state = course.state.with_names_of(self.state)
        self._course, self._missed = course, dict(course.missed) if course and kept else {}
        self.averages = Averages(model.plan, self.state, settings.swa)
        self._before = (course.epochs, course.steps, course.updates if kept else 0) if course else (0, 0, 0)
        self.best: np.ndarray | None = None
        """The parameters of the best epoch so far, where early stopping wants them back."""
        self.best_from = 0
        """The first epoch, counted from 0, that can be the best: after a resume, weights of before may be gone."""
        # a batch is never larger than the data: memory is taken for as many pictures as it says
        batch_size = min(settings.batch_size, len(train))
        self.recipe = Recipe(
            settings.loss, batch_size, settings.seed, settings.optimizer, settings.augment,
            settings.gradient_clip, settings.accumulate,
            average=Average(settings.ema.decay, 0 if had_average else self._before[2]) if settings.ema else None,
        )  # fmt: skip
        self.weights = example_weights(settings.class_weights, train.targets, model.network.classes)
        self._check_monitor()

    @property
    def steps_per_epoch(self) -> int:
        """Batches in an epoch; the last may be smaller."""
        return math.ceil(len(self.train) / self.recipe.batch_size)

    @property
    def updates_per_epoch(self) -> int:
        """How often parameters change in an epoch."""
        return math.ceil(self.steps_per_epoch / self.recipe.accumulate)

    def run(self) -> None:
        """Train until all epochs are over, or early stopping ends it.

        Raises:
            LossIsNaN: the model then has the last good epoch's weights.
            RuntimeError: if this thread is in the middle of another call on the same model.
        """
        plan = self.model.plan
        if plan.training.mine or plan.turn.mine:
            raise RuntimeError(
                "this model is busy: it cannot be trained from within another call on it, such as a callback"
            )
        plan.training.take(self.run_in_turn)

    def course(self, more: int = 0) -> Course:
        """How far this is, with all that was before; `more` epochs count that have begun but are not over."""
        epochs = len(self.history) + more
        steps, updates = epochs * self.steps_per_epoch, epochs * self.updates_per_epoch
        before = self._before
        late = missed(self.model.plan.operations, epochs, self.updates_per_epoch, self._missed)
        raw = self.averages.raw
        return Course(
            self.settings.optimizer, self.state, before[0] + epochs, before[1] + steps, before[2] + updates, late,
            raw, None if raw is None else self.model.plan.copied(),
        )  # fmt: skip

    def run_in_turn(self) -> None:
        """The same, for a caller who has `plan.training`."""
        course = self._course
        if course and course.goes_on_from(self.model.plan.flat) and course.raw is not None:
            self.averages.write(course.raw)
        try:
            while not self.over:
                self._one_epoch(len(self.history))
                self.averages.end_of_epoch(len(self.history) - 1)
                self.keep_best()
                if self.on_epoch:
                    self.on_epoch(self.history[-1])
        except BaseException:
            self.averages.show()
            raise
        self.averages.finish(self._measure)
        if self.best is not None and not self.averages.count:
            self.averages.write(self.best)

    def begin_average(self) -> None:
        """Let `training.ema` begin here, and not with the first epoch of all."""
        average, done = self.recipe.average, len(self.history) * self.updates_per_epoch
        if average is not None:
            self.recipe = replace(self.recipe, average=replace(average, begun=self._before[2] + done))

    def _measure(self) -> None:
        """Measure anew what layers keep of the training data, for the parameters that the model has now."""
        count, plan = len(self.train), self.model.plan
        epoch = Epoch(self.train.pictures, self.train.targets, np.arange(count), np.zeros(0, np.float32))
        epoch.first_step = self._before[1] + len(self.history) * self.steps_per_epoch
        found = self.model.engine.statistics(self.recipe, epoch)
        views = plan.places.views(plan.flat)
        for name, numbers in found.items():
            plan.turn.take(np.copyto, views[name], numbers)

    def _one_epoch(self, number: int) -> None:
        """All of epoch `number` or, where something comes in between, nothing of it."""
        before = (self.model.plan.copied(), self.state.memory.copy())
        try:
            self.history.rows.append(self._epoch(number))
        except BaseException:
            # also where it was interrupted: weights and history belong together
            if len(self.history) == number:
                self._go_back(before)
            raise

    @property
    def over(self) -> bool:
        """Whether all epochs are, or early stopping has seen enough."""
        return len(self.history) >= self.settings.epochs or self._stalled()

    def keep_best(self) -> None:
        """Where early stopping wants the best epoch's weights back, and that is the last one: keep them."""
        if self.keeps_best and self.history and self.best_epoch == len(self.history) - 1:
            self.best = self.averages.answer()

    @property
    def best_epoch(self) -> int:
        """The epoch, counted from 0, whose weights are the best that are there."""
        return self._best_epoch(self.best_from)

    def changed_rates(self) -> bool:
        """Whether the epochs that are over would have other learning rates by the settings of now."""
        return any(row["learning_rate"] != self._rates(number)[-1] for number, row in enumerate(self.history))

    def _epoch(self, number: int) -> Row:
        """Epoch `number`, counted from 0; rows count from 1."""
        began = time.perf_counter()
        model, count, settings = self.model, len(self.train), self.settings
        epochs, steps, updates = self._before
        seed, done, updated = settings.seed, number * self.steps_per_epoch, number * self.updates_per_epoch
        order = randomness.permutation(seed, epochs + number, count) if settings.shuffle else np.arange(count)
        rates = self._rates(number)
        meter = Meter(settings.loss, self._targets(self.train), order)
        epoch = Epoch(
            self.train.pictures,
            self.train.targets,
            order,
            np.array(rates, np.float32),
            steps + done,
            updates + updated,
            self.weights,
        )
        recipe = of_epoch(self.recipe, model.plan.operations, number, self.updates_per_epoch, self._missed)
        _, broken = model.engine.train(recipe, self.state, epoch, self.on_step, meter)
        step = self._bad_step(meter.losses, broken - epoch.first_step if broken >= 0 else None)
        if step is not None:
            raise LossIsNaN(number + 1, step + 1)
        row: Row = {"epoch": number + 1, **meter.row}
        if self.validation is not None:
            found = Meter(settings.loss, self._targets(self.validation))
            with self.averages.shown():
                model.engine.scores(self.validation.pictures, found)
            row |= {f"validation_{name}": value for name, value in found.row.items()}
            if not math.isfinite(row["validation_loss"]):
                raise LossIsNaN(number + 1, None)
        return row | {"learning_rate": rates[-1], "seconds": round(time.perf_counter() - began, 4)}

    def _rates(self, number: int) -> tuple[float, ...]:
        """The learning rate of each step of epoch `number`."""
        settings = self.settings
        base = settings.optimizer.learning_rate
        each = _rates(settings.schedule, base, number, self.updates_per_epoch, settings.epochs)
        return tuple(each[step // settings.accumulate] for step in range(self.steps_per_epoch))

    def _bad_step(self, losses: np.ndarray, broken: int | None) -> int | None:
        """The first step of an epoch, counted from 0, whose loss was NaN or whose gradient (`broken`) was.

        An epoch is bad, too, if its last step left parameters that are NaN or inf: no loss has seen them yet.
        """
        bad = ~np.isfinite(losses)
        steps = [] if broken is None else [broken]
        if bad.any():
            steps.append(int(bad.argmax()) // self.recipe.batch_size)
        if not steps and not np.isfinite(self.model.plan.memory.array).all():
            steps.append(self.steps_per_epoch - 1)
        return min(steps, default=None)

    def _go_back(self, before: tuple[np.ndarray, np.ndarray]) -> None:
        self.state.memory[...] = before[1]
        self.averages.write(before[0])

    def _targets(self, data: Dataset) -> Targets:
        return self.model.plan.targets(data.pictures, data.targets)

    @property
    def keeps_best(self) -> bool:
        """Whether the weights of the best epoch are wanted at the end."""
        stopping = self.settings.early_stopping
        return stopping is not None and stopping.restore_best

    def _check_monitor(self) -> None:
        stopping = self.settings.early_stopping
        if stopping is None:
            return
        if stopping.monitor.startswith("validation") and self.validation is None:
            raise ValueError(f"early stopping monitors {stopping.monitor}, but there is no validation data")
        known = self._targets(self.train).ndim == 1 or self.settings.loss.answers == LABELS
        if stopping.monitor.endswith("accuracy") and not known:
            raise ValueError(f"early stopping monitors {stopping.monitor}, but the targets are values, not classes")

    def _best_epoch(self, first: int = 0) -> int:
        """The last epoch, counted from 0, that was better than the best since `first` by more than `min_delta`."""
        stopping = self.settings.early_stopping
        if stopping is None:
            return len(self.history) - 1
        sign = -1 if stopping.monitor.endswith("accuracy") else 1
        best, at = math.inf, first
        for epoch, row in list(enumerate(self.history))[first:]:
            # after a resume with a changed file, rows of before may lack what is watched now
            value = sign * row.get(stopping.monitor, math.inf * sign)
            if value < best - stopping.min_delta:
                best, at = value, epoch
        return at

    def _stalled(self) -> bool:
        """Whether early stopping has seen enough."""
        stopping = self.settings.early_stopping
        if stopping is None or not self.history:
            return False
        return len(self.history) - 1 - self._best_epoch() > stopping.patience


@lru_cache(8)
def _rates(schedule: Schedule, base: float, number: int, steps: int, epochs: int) -> tuple[float, ...]:
    return tuple(schedule.rate(base, number * steps + step, steps, epochs) for step in range(steps))
