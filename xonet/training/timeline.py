"""Where in a training a step is: its epoch, the update that it is part of, its learning rate."""

from __future__ import annotations

import math
from functools import lru_cache

from xonet.schedules import Schedule, steps_of
from xonet.training.history import History
from xonet.training.settings import Settings


class Timeline:
    """The steps of a training.

    Args:
        settings: How to train.
        pictures: To train on.
        batch_size: Pictures of a step; the last one of an epoch may have fewer.
    """

    def __init__(self, settings: Settings, pictures: int, batch_size: int) -> None:
        self.settings = settings
        self.steps_per_epoch = math.ceil(pictures / batch_size)
        self.updates_per_epoch = math.ceil(self.steps_per_epoch / settings.accumulate)
        """How often parameters change in an epoch."""
        self.steps = steps_of(settings.epochs, self.steps_per_epoch)
        """In all."""

    def done(self, history: History) -> int:
        """Steps of all epochs, and parts of epochs, that are over."""
        return steps_of(history.epochs, self.steps_per_epoch)

    def ends(self, history: History) -> list[int]:
        """How many steps were over after each row."""
        return [steps_of(row["epoch"], self.steps_per_epoch) for row in history]

    def epochs_at(self, step: int) -> float:
        """How many epochs are over after so many steps."""
        if step == self.steps:
            return self.settings.epochs
        return step / self.steps_per_epoch if step % self.steps_per_epoch else step // self.steps_per_epoch

    def updates(self, history: History, rows: int | None = None) -> list[int]:
        """Of each epoch that has begun, how often parameters have changed in it; of the first `rows` rows."""
        found: list[int] = []
        first = 0
        for end in self.ends(history)[:rows]:
            if first % self.steps_per_epoch == 0:
                found.append(0)
            found[-1] += math.ceil((end - first) / self.settings.accumulate)
            first = end
        return found

    def rates(self, history: History, first: int, end: int, rows: int | None = None) -> tuple[float, ...]:
        """The learning rate of each step from `first` to before `end`, after the first `rows` rows of the history."""
        settings = self.settings
        base = settings.schedule.after(settings.optimizer.learning_rate, history.rows[:rows])
        begun, every = sum(self.updates(history, rows)), settings.accumulate
        these = range(begun, begun + math.ceil((end - first) / every))
        each = _rates(settings.schedule, base, these, self.updates_per_epoch, settings.epochs)
        return tuple(each[step // every] for step in range(end - first))

    def changed(self, history: History) -> bool:
        """Whether the epochs that are over would have other learning rates by the settings of now."""
        ends = [0, *self.ends(history)]
        return any(
            row["learning_rate"] != self.rates(history, ends[number], ends[number + 1], number)[-1]
            for number, row in enumerate(history)
        )


@lru_cache(8)
def _rates(schedule: Schedule, base: float, these: range, steps: int, epochs: float) -> tuple[float, ...]:
    return tuple(schedule.rate(base, step, steps, epochs) for step in these)
