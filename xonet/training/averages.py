"""Averages of weights: what a model answers with, while training goes on with the weights themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

from xonet.engine.plan import EMA, Plan, State
from xonet.network.learning import Swa


class Averages:
    """The averages of one training.

    Args:
        plan: What is trained.
        state: Of the training; with `training.ema` it has that average.
        swa: Which epochs' weights have a mean, if any.
    """

    def __init__(self, plan: Plan, state: State, swa: Swa | None) -> None:
        self.plan, self.state, self.swa = plan, state, swa
        self.mean = np.zeros(plan.places.trained if swa else 0, np.float32)
        """Of `training.swa`."""
        self.count = 0
        """Epochs in `mean`."""
        self.raw: np.ndarray | None = None
        """All parameters as training left them, once the model has others."""

    @property
    def learning(self) -> np.ndarray:
        """All parameters as training goes on with them."""
        return self.plan.flat if self.raw is None else self.raw

    def answer(self) -> np.ndarray:
        """All parameters that an epoch is evaluated with, a copy."""
        flat = self.plan.copied()
        if EMA in self.state.names:
            flat[: self.plan.places.trained] = self.state.vectors[EMA]
        return flat

    def arrays(self) -> dict[str, np.ndarray]:
        """Views of all there is, by parameter: `ema/NAME`, `swa/NAME`."""
        flats = {EMA: self.state.vectors[EMA]} if EMA in self.state.names else {}
        if self.count:
            flats["swa"] = self.mean
        views = {word: self.plan.places.views(flat) for word, flat in flats.items()}
        return {f"{word}/{name}": view for word, named in views.items() for name, view in named.items()}

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Inside, the model has the parameters that an epoch is evaluated with."""
        if EMA not in self.state.names:
            yield
            return
        raw = self.plan.copied()
        self.write(self.answer())
        try:
            yield
        finally:
            self.write(raw)

    def end_of_epoch(self, number: int) -> None:
        """After epoch `number`, counted from 0: it joins the mean, if it is one of those."""
        if self.swa is not None and number + 1 >= self.swa.start:
            self.count += 1
            self.mean += (self.plan.copied()[: len(self.mean)] - self.mean) / np.float32(self.count)

    def finish(self, measure: Callable[[], None]) -> None:
        """Give the model what it is to have in the end; `measure` measures anew what layers keep of the data."""
        if self.count:
            self.raw = self.plan.copied()
            self.plan.turn.take(np.copyto, self.plan.flat[: len(self.mean)], self.mean)
            measure()
        else:
            self.show()

    def show(self) -> None:
        """Give the model the parameters that an epoch is evaluated with."""
        if EMA in self.state.names and self.raw is None:
            answer = self.answer()
            self.raw = self.plan.copied()
            self.write(answer)

    def write(self, numbers: np.ndarray) -> None:
        """Give the model these parameters."""
        self.plan.turn.take(np.copyto, self.plan.flat, numbers)
