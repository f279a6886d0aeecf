"""What ends training before its last epoch: early stopping, and a time limit. All of it follows from the history."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from xonet.engine.plan import OnStep
from xonet.network.document import EarlyStopping
from xonet.schedules._monitors import monitored
from xonet.schedules.plateau import Plateau
from xonet.training.history import History
from xonet.training.settings import Settings


def best_epoch(stopping: EarlyStopping | None, history: History, first: int = 0) -> int:
    """The last epoch, counted from 0, that was better than the best since `first` by more than `min_delta`."""
    if stopping is None:
        return len(history) - 1
    best, at = math.inf, first
    for epoch, value in list(enumerate(monitored(stopping.monitor, history.rows)))[first:]:
        if value < best - stopping.min_delta:
            best, at = value, epoch
    return at


def stalled(stopping: EarlyStopping | None, history: History) -> bool:
    """Whether early stopping has seen enough."""
    if stopping is None or not history:
        return False
    return len(history) - 1 - best_epoch(stopping, history) > stopping.patience


def check_monitors(settings: Settings, *, validation: bool) -> None:
    """Raises ValueError where something monitors validation data that are not there."""
    for who, monitor in _monitors(settings):
        if monitor.startswith("validation") and not validation:
            raise ValueError(f"{who} monitors {monitor}, but there is no validation data")


def _monitors(settings: Settings) -> Iterator[tuple[str, str]]:
    if settings.early_stopping:
        yield "early stopping", settings.early_stopping.monitor
    if isinstance(settings.schedule, Plateau):
        yield "the schedule plateau", settings.schedule.monitor


class TimeLimit:
    """Ends training after so much time; an epoch ends between two of its steps.

    Args:
        seconds: The limit; None for none.
        history: Whose epochs' seconds count, those of before a resume as well.
        clock: Gives seconds.
    """

    def __init__(self, seconds: float | None, history: History, clock: Callable[[], float]) -> None:
        self.seconds, self.history, self.clock = seconds, history, clock
        self.steps: int | None = None
        """How many steps the last epoch had, where time was over amid it."""

    def over(self, epoch: float = 0.0) -> bool:
        """Whether time is over, an epoch of so many seconds included."""
        return self.seconds is not None and sum(row.get("seconds", 0) for row in self.history) + epoch >= self.seconds

    def watched(self, on_step: OnStep | None, began: float, every: int = 1) -> OnStep | None:
        """What an epoch that began then tells its steps to: it ends the epoch once time is over.

        Not in the middle of `every` steps, which change parameters together.
        """
        self.steps = None
        if self.seconds is None:
            return on_step

        def told(steps: int) -> bool:
            if on_step:
                on_step(steps)
            over = steps % every == 0 and self.over(self.clock() - began)
            self.steps = steps if over else None
            return over

        return told
