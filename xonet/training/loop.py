"""The loop over epochs."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np

from xonet import randomness
from xonet.data import Dataset
from xonet.engine.model import Model
from xonet.engine.plan import Epoch, Recipe, State, Watch
from xonet.training.history import History, Row
from xonet.training.metrics import measure
from xonet.training.settings import Settings


class LossIsNaN(ArithmeticError):
    """The loss became no number; the model has the weights of the last good epoch."""

    def __init__(self, epoch: int, step: int | None) -> None:
        where = f"in step {step} of epoch {epoch}" if step is not None else f"on the validation data of epoch {epoch}"
        super().__init__(
            f"the loss became no number {where}; the weights of the end of epoch {epoch - 1} are kept. "
            "A smaller learning rate is the usual cure."
        )
        self.epoch, self.step = epoch, step


class Trainer:
    """Trains a model epoch by epoch; between two epochs it can be captured, and restored later or elsewhere.

    Args:
        model: What is trained, in place.
        train: The pictures to learn from.
        validation: What each epoch is measured on.
        settings: How.
        on_epoch: Told each epoch's row, when the epoch is over.
        watch: Told now and then how many steps of the current epoch are done.
    """

    def __init__(
        self,
        model: Model,
        train: Dataset,
        validation: Dataset | None,
        settings: Settings,
        on_epoch: Callable[[Row], None] | None = None,
        watch: Watch | None = None,
    ) -> None:
        self.model, self.train, self.validation, self.settings = model, train, validation, settings
        self.on_epoch, self.watch = on_epoch, watch
        self.history = History()
        self.state = State.new(settings.optimizer, model.plan.places)
        self.best: np.ndarray | None = None
        """The parameters of the best epoch so far, where early stopping wants them back."""
        self.recipe = Recipe(
            settings.loss, settings.batch_size, settings.seed, settings.optimizer, tuple(settings.augment)
        )

    @property
    def steps_per_epoch(self) -> int:
        """Batches in an epoch; the last may be smaller."""
        return math.ceil(len(self.train) / self.settings.batch_size)

    def run(self) -> None:
        """Train until all epochs are over, or early stopping ends it.

        Raises:
            LossIsNaN: with the last good epoch's weights in the model.
        """
        while len(self.history) < self.settings.epochs and not self._stalled():
            row = self._epoch(len(self.history))
            self.history.rows.append(row)
            if self._is_best() and self._keeps_best:
                self.best = self.model.plan.flat.copy()
            if self.on_epoch:
                self.on_epoch(row)
        if self.best is not None:
            self.model.plan.flat[...] = self.best

    def _epoch(self, number: int) -> Row:
        """Epoch `number`, counted from 0; rows count from 1."""
        settings, model, steps = self.settings, self.model, self.steps_per_epoch
        began = time.perf_counter()
        before = (model.plan.flat.copy(), self.state.memory.copy())
        order = (
            randomness.permutation(settings.seed, number, len(self.train))
            if settings.shuffle
            else np.arange(len(self.train))
        )
        first = number * steps
        rates = [
            settings.schedule.rate(settings.optimizer.learning_rate, first + n, steps, settings.epochs)
            for n in range(steps)
        ]
        assert self.train.targets is not None
        epoch = Epoch(self.train.pictures, self.train.targets, order, np.array(rates, np.float32), first)
        scores, broken = model.engine.train(self.recipe, self.state, epoch, self.watch)
        row: Row = {"epoch": number + 1, **measure(settings.loss, scores, self.train.targets[order])}
        if broken >= 0 or not math.isfinite(row["loss"]):
            self._go_back(before)
            raise LossIsNaN(number + 1, max(broken - first, 0) + 1)
        if self.validation is not None and self.validation.targets is not None:
            found = measure(settings.loss, model.predict(self.validation.pictures), self.validation.targets)
            row |= {f"validation_{name}": value for name, value in found.items()}
            if not math.isfinite(row["validation_loss"]):
                self._go_back(before)
                raise LossIsNaN(number + 1, None)
        return row | {"learning_rate": rates[-1], "seconds": round(time.perf_counter() - began, 4)}

    def _go_back(self, before: tuple[np.ndarray, np.ndarray]) -> None:
        self.model.plan.flat[...], self.state.memory[...] = before

    @property
    def _keeps_best(self) -> bool:
        stopping = self.settings.early_stopping
        return stopping is not None and stopping.restore_best

    def _is_best(self) -> bool:
        """Whether the last epoch is the best so far."""
        return bool(self.history) and self._best_epoch() == len(self.history) - 1

    def _best_epoch(self) -> int:
        """The last epoch, counted from 0, that was better than the best before it by more than `min_delta`."""
        stopping = self.settings.early_stopping
        if stopping is None:
            return len(self.history) - 1
        sign = -1 if stopping.monitor.endswith("accuracy") else 1
        best, at = math.inf, 0
        for epoch, value in enumerate(self.history.column(stopping.monitor)):
            if sign * value < best - stopping.min_delta:
                best, at = sign * value, epoch
        return at

    def _stalled(self) -> bool:
        """Whether early stopping has seen enough."""
        stopping = self.settings.early_stopping
        if stopping is None or not self.history:
            return False
        return len(self.history) - 1 - self._best_epoch() > stopping.patience
