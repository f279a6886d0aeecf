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
from xonet.training.metrics import losses, measure
from xonet.training.settings import Settings


class LossIsNaN(ArithmeticError):
    """The loss, or a parameter, became no number; the model has the weights of the last good epoch."""

    def __init__(self, epoch: int, step: int | None) -> None:
        where = f"in step {step} of epoch {epoch}" if step is not None else f"on the validation data of epoch {epoch}"
        kept = f"of the end of epoch {epoch - 1}" if epoch > 1 else "from before the first epoch"
        super().__init__(
            f"the loss became no number {where}; the weights {kept} are kept. "
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

    Raises:
        ValueError: where there is nothing to train on, or early stopping watches what is not measured.
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
        if not len(train) or (validation is not None and not len(validation)):
            raise ValueError("there must be at least one picture to train on, and to validate on")
        self.model, self.train, self.validation, self.settings = model, train, validation, settings
        self.on_epoch, self.watch = on_epoch, watch
        self.history = History()
        self.state = State.new(settings.optimizer, model.plan.places)
        self.best: np.ndarray | None = None
        """The parameters of the best epoch so far, where early stopping wants them back."""
        self.best_from = 0
        """The first epoch, counted from 0, that can be the best: after a resume, weights of before may be gone."""
        # a batch is never larger than the data: memory is taken for as many pictures as it says
        batch_size = min(settings.batch_size, len(train))
        self.recipe = Recipe(settings.loss, batch_size, settings.seed, settings.optimizer, settings.augment)
        self._check_monitor()

    @property
    def steps_per_epoch(self) -> int:
        """Batches in an epoch; the last may be smaller."""
        return math.ceil(len(self.train) / self.recipe.batch_size)

    def run(self) -> None:
        """Train until all epochs are over, or early stopping ends it.

        Raises:
            LossIsNaN: with the last good epoch's weights in the model.
        """
        while not self.over:
            number = len(self.history)
            before = (self.model.plan.flat.copy(), self.state.memory.copy())
            try:
                self.history.rows.append(self._epoch(number))
            except BaseException:
                # also where it was interrupted: weights and history belong together
                if len(self.history) == number:
                    self._go_back(before)
                raise
            self.keep_best()
            if self.on_epoch:
                self.on_epoch(self.history[-1])
        if self.best is not None:
            self.model.plan.flat[...] = self.best

    @property
    def over(self) -> bool:
        """Whether all epochs are, or early stopping has seen enough."""
        return len(self.history) >= self.settings.epochs or self._stalled()

    def keep_best(self) -> None:
        """Where early stopping wants the best epoch's weights back, and that is the last one: keep them."""
        if self.keeps_best and self.history and self.best_epoch == len(self.history) - 1:
            self.best = self.model.plan.flat.copy()

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
        model, count = self.model, len(self.train)
        order = randomness.permutation(self.settings.seed, number, count) if self.settings.shuffle else np.arange(count)
        rates = self._rates(number)
        targets = _targets(self.train)
        epoch = Epoch(self.train.pictures, targets, order, np.array(rates, np.float32), number * len(rates))
        scores, broken = model.engine.train(self.recipe, self.state, epoch, self.watch)
        step = self._bad_step(scores, targets[order], broken - epoch.first_step if broken >= 0 else None)
        if step is not None:
            raise LossIsNaN(number + 1, step + 1)
        row: Row = {"epoch": number + 1, **measure(self.settings.loss, scores, targets[order])}
        if self.validation is not None:
            found = measure(self.settings.loss, model.predict(self.validation.pictures), _targets(self.validation))
            row |= {f"validation_{name}": value for name, value in found.items()}
            if not math.isfinite(row["validation_loss"]):
                raise LossIsNaN(number + 1, None)
        return row | {"learning_rate": rates[-1], "seconds": round(time.perf_counter() - began, 4)}

    def _rates(self, number: int) -> list[float]:
        """The learning rate of each step of epoch `number`."""
        settings, steps = self.settings, self.steps_per_epoch
        base = settings.optimizer.learning_rate
        return [settings.schedule.rate(base, number * steps + step, steps, settings.epochs) for step in range(steps)]

    def _bad_step(self, scores: np.ndarray, targets: np.ndarray, broken: int | None) -> int | None:
        """The first step of an epoch, counted from 0, whose loss was no number or whose gradient (`broken`) was none.

        An epoch is bad, too, if its last step left parameters that are no numbers: no loss has seen them yet.
        """
        bad = np.flatnonzero(~np.isfinite(losses(self.settings.loss, scores, targets)))
        steps = [] if broken is None else [broken]
        if bad.size:
            steps.append(int(bad[0]) // self.recipe.batch_size)
        if not steps and not np.isfinite(self.model.plan.flat).all():
            steps.append(self.steps_per_epoch - 1)
        return min(steps, default=None)

    def _go_back(self, before: tuple[np.ndarray, np.ndarray]) -> None:
        self.model.plan.flat[...], self.state.memory[...] = before

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
            raise ValueError(f"early stopping watches {stopping.monitor}, and there is no validation data")
        if stopping.monitor.endswith("accuracy") and _targets(self.train).ndim > 1:
            raise ValueError(f"early stopping watches {stopping.monitor}, and the targets are values, not classes")

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


def _targets(data: Dataset) -> np.ndarray:
    assert data.targets is not None, "Model.dataset has looked"
    return data.targets
