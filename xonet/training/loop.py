"""The loop over epochs."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from xonet import randomness
from xonet.data import Dataset
from xonet.engine.plan import EMA, Average, Epoch, OnStep, Recipe, State, Targets
from xonet.training.averages import Averages
from xonet.training.course import Course, Trainable
from xonet.training.freezing import missed, of_epoch
from xonet.training.history import History, Row
from xonet.training.metrics import Meter, fitting
from xonet.training.settings import Settings
from xonet.training.stopping import TimeLimit, best_epoch, check_monitors, stalled
from xonet.training.timeline import Timeline
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
        on_step: Called now and then with the number of steps done in the current epoch, or part of one.
        course: Where to continue from; without one, training starts anew.

    Raises:
        ValueError: if there is nothing to train on, or what is to be measured does not fit, or has no data.
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
        self.clock = time.perf_counter
        """Gives seconds, for `seconds` in the history and for a time limit."""
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
        self.timeline = Timeline(settings, len(train), batch_size)
        self.recipe = Recipe(
            settings.loss, batch_size, settings.seed, settings.optimizer, settings.augment,
            settings.gradient_clip, settings.accumulate,
            average=Average(settings.ema.decay, 0 if had_average else self._before[2]) if settings.ema else None,
        )  # fmt: skip
        self.weights = example_weights(settings.class_weights, train.targets, model.network.classes)
        fitting(settings.measured, settings.loss, self._targets(train))
        check_monitors(settings, validation=validation is not None)

    @property
    def steps_done(self) -> int:
        """Steps of all epochs, and parts of epochs, that are over."""
        return self.timeline.done(self.history)

    def run(self) -> None:
        """Train until all epochs are over, or early stopping or a time limit ends it.

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
        # what is begun is not shuffled alike again
        epochs = math.ceil(self.steps_done / self.timeline.steps_per_epoch) + more
        steps = self.steps_done + more * self.timeline.steps_per_epoch
        each = [*self.timeline.updates(self.history), *[self.timeline.updates_per_epoch] * more]
        before = self._before
        late = missed(self.model.plan.operations, each, self._missed)
        raw = self.averages.raw
        return Course(
            self.settings.optimizer, self.state, before[0] + epochs, before[1] + steps, before[2] + sum(each), late,
            raw, None if raw is None else self.model.plan.copied(),
        )  # fmt: skip

    def run_in_turn(self) -> None:
        """The same, for a caller who has `plan.training`."""
        course = self._course
        if course and course.goes_on_from(self.model.plan.flat) and course.raw is not None:
            self.averages.write(course.raw)
        try:
            while not self.over:
                self._one_epoch()
                if self.over or not self.amid:
                    self.averages.end_of_epoch(math.ceil(self.history.epochs) - 1)
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
        average = self.recipe.average
        if average is not None:
            begun = self._before[2] + sum(self.timeline.updates(self.history))
            self.recipe = replace(self.recipe, average=replace(average, begun=begun))

    def _measure(self) -> None:
        """Measure anew what layers keep of the training data, for the parameters that the model has now."""
        count, plan = len(self.train), self.model.plan
        epoch = Epoch(self.train.pictures, self.train.targets, np.arange(count), np.zeros(0, np.float32))
        epoch.first_step = self._before[1] + self.steps_done
        found = self.model.engine.statistics(self.recipe, epoch)
        views = plan.places.views(plan.flat)
        for name, numbers in found.items():
            plan.turn.take(np.copyto, views[name], numbers)

    def _one_epoch(self) -> None:
        """All of the next epoch or, where something comes in between, nothing of it."""
        before, rows = (self.model.plan.copied(), self.state.memory.copy()), len(self.history)
        try:
            self.history.rows.append(self._epoch(self.steps_done // self.timeline.steps_per_epoch))
        except BaseException:
            # also where it was interrupted: weights and history belong together
            if len(self.history) == rows:
                self._go_back(before)
            raise

    @property
    def over(self) -> bool:
        """Whether all epochs are, or something ends training before."""
        return self.steps_done >= self.timeline.steps or bool(self.ended_by)

    @property
    def ended_by(self) -> str:
        """The setting that ends training before all epochs are over: `early_stopping`, `time_limit`, or none."""
        if self.steps_done >= self.timeline.steps:
            return ""
        if stalled(self.settings.early_stopping, self.history):
            return "early_stopping"
        return "time_limit" if self._time_limit.over() else ""

    def keep_best(self) -> None:
        """Where early stopping wants the best epoch's weights back, and that is the last one: keep them."""
        if self.keeps_best and self.history and self.best_epoch == len(self.history) - 1:
            self.best = self.averages.answer()

    @property
    def best_epoch(self) -> int:
        """The epoch, counted from 0, whose weights are the best that are there."""
        return best_epoch(self.settings.early_stopping, self.history, self.best_from)

    @property
    def amid(self) -> bool:
        """Whether the last epoch that is over is a part of one."""
        return self.steps_done % self.timeline.steps_per_epoch != 0

    def _epoch(self, number: int) -> Row:
        """Epoch `number`, counted from 0, or what is left of it; rows count from 1."""
        began = self.clock()
        model, count, settings = self.model, len(self.train), self.settings
        epochs, steps, updates = self._before
        seed, done, batch = settings.seed, self.steps_done, self.recipe.batch_size
        each = self.timeline.updates(self.history)
        first = number * self.timeline.steps_per_epoch
        end = min(first + self.timeline.steps_per_epoch, self.timeline.steps)
        order = randomness.permutation(seed, epochs + number, count) if settings.shuffle else np.arange(count)
        order = order[(done - first) * batch : (end - first) * batch]
        rates = self.timeline.rates(self.history, done, end)
        meter = Meter(settings.loss, self._targets(self.train), order, metrics=settings.measured)
        epoch = Epoch(
            self.train.pictures,
            self.train.targets,
            order,
            np.array(rates, np.float32),
            steps + done,
            updates + sum(each),
            self.weights,
        )
        limit = self._time_limit
        on_step = limit.watched(self.on_step, began, settings.accumulate)
        late = missed(model.plan.operations, each, self._missed)
        recipe = of_epoch(self.recipe, model.plan.operations, number, late)
        _, broken = model.engine.train(recipe, self.state, epoch, on_step, meter)
        if limit.steps is not None:
            end = done + limit.steps
            meter.count = min(limit.steps * batch, len(order))
        step = self._bad_step(meter.losses[: meter.count], broken - epoch.first_step if broken >= 0 else None)
        if step is not None:
            raise LossIsNaN(number + 1, done - first + step + 1)
        row: Row = {"epoch": self.timeline.epochs_at(end), **meter.row}
        if self.validation is not None:
            found = Meter(settings.loss, self._targets(self.validation), metrics=settings.measured)
            with self.averages.shown():
                model.engine.scores(self.validation.pictures, found)
            row |= {f"validation_{name}": value for name, value in found.row.items()}
            if not math.isfinite(row["validation_loss"]):
                raise LossIsNaN(number + 1, None)
        return row | {"learning_rate": rates[end - done - 1], "seconds": round(self.clock() - began, 4)}

    @property
    def _time_limit(self) -> TimeLimit:
        return TimeLimit(self.settings.time_limit, self.history, self.clock)

    def _bad_step(self, losses: np.ndarray, broken: int | None) -> int | None:
        """The first step of an epoch, counted from 0, whose loss was NaN or whose gradient (`broken`) was.

        An epoch is bad, too, if its last step left parameters that are NaN or inf: no loss has seen them yet.
        """
        bad = ~np.isfinite(losses)
        steps = [] if broken is None else [broken]
        if bad.any():
            steps.append(int(bad.argmax()) // self.recipe.batch_size)
        if not steps and not np.isfinite(self.model.plan.memory.array).all():
            steps.append(math.ceil(len(losses) / self.recipe.batch_size) - 1)
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
