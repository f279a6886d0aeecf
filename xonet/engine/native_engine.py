"""The native engine: a plan as programs that compiled kernels run."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any

import numpy as np

from xonet.engine import assembly
from xonet.engine.plan import Epoch, Plan, Recipe, State, Watch
from xonet.engine.program import Program
from xonet.engine.runner import Runner
from xonet.engine.single_runner import SingleRunner
from xonet.kernels import LANES
from xonet.layers._single import Unfit

GROUPS_AT_ONCE = 32
"""Groups of sixteen pictures in a step outside training."""
FEW = 10
"""Pictures that run sooner one by one than as a group."""


class NativeEngine:
    """Runs a plan on all cores; results do not depend on how many.

    Args:
        plan: What to run; its parameters are float32.
        threads: How many threads at most; by default one a processor.
        announce: Told how many kernels have to be compiled, before that begins.
    """

    def __init__(self, plan: Plan, threads: int | None = None, announce: Callable[[int], None] | None = None) -> None:
        self.plan, self.threads, self.announce = plan, threads, announce
        self._runners: dict[str, tuple[tuple[object, ...], Runner]] = {}
        """By purpose, the last runner with what it was made for: a runner holds much memory, and is rarely changed."""
        self._singles: dict[bool, SingleRunner | None] = {}
        """By whether pictures are raw; None where a layer cannot run on one picture."""
        self.quick: Callable[[Any], np.ndarray | None] | None = None
        self._one_at_a_time = Lock()
        """A model may be asked from several threads: a server does."""

    def scores(self, pictures: np.ndarray) -> np.ndarray:
        """(n, ...) pictures to (n, outputs) scores."""
        if 0 < len(pictures) <= FEW and (single := self._single(pictures.dtype == np.uint8)):
            return single.few(pictures)
        pictures = _ready(pictures)
        feed = self._feed(pictures)
        make = lambda: assembly.inference(self.plan.operations, self.plan.places, feed, GROUPS_AT_ONCE)  # noqa: E731
        scores = np.zeros((len(pictures), self.plan.outputs), np.float32)
        if len(pictures):
            with self._one_at_a_time:
                runner = self._runner("scores", (pictures.dtype,), make)
                runner.run(pictures, np.arange(len(pictures)), scores, GROUPS_AT_ONCE * LANES)
        return scores

    def train(self, recipe: Recipe, state: State, epoch: Epoch, watch: Watch | None = None) -> tuple[np.ndarray, int]:
        """See `Engine`."""
        runner = self._trainer(recipe, state, epoch.pictures, epoch.targets)
        held = self.plan.flat  # by whoever writes to it, until all is written
        scores = np.zeros((len(epoch.order), self.plan.outputs), np.float32)
        broken = runner.run(
            epoch.pictures,
            epoch.order,
            scores,
            recipe.batch_size,
            epoch.targets,
            epoch.rates,
            epoch.first_step,
            watch,
        )
        del held
        return scores, broken

    def gradient(
        self, recipe: Recipe, pictures: np.ndarray, targets: np.ndarray, step: int = 0
    ) -> tuple[np.ndarray, np.ndarray]:
        """See `Engine`."""
        pictures, targets = _ready(pictures), _ready(targets, raw=False)
        kept = self.plan.flat[self.plan.places.trained :].copy()
        runner = self._trainer(recipe, None, pictures, targets)
        runner.gradients[...] = 0
        scores = np.zeros((len(pictures), self.plan.outputs), np.float32)
        runner.run(pictures, np.arange(len(pictures)), scores, len(pictures), targets, first_step=step)
        self.plan.flat[self.plan.places.trained :] = kept
        total = np.zeros(self.plan.places.trained, np.float32)
        for slot in runner.gradients:
            total += slot
        return scores, total

    def _single(self, raw: bool) -> SingleRunner | None:
        """What runs one picture at a time, or None, where a layer cannot."""
        if raw not in self._singles:
            with self._one_at_a_time:
                try:
                    self._singles[raw] = SingleRunner(self.plan, raw, self.threads, self.announce)
                except Unfit:
                    self._singles[raw] = None
        single = self._singles[raw]
        if single and not raw:
            self.quick = single.one
        return single

    def _trainer(self, recipe: Recipe, state: State | None, pictures: np.ndarray, targets: np.ndarray) -> Runner:
        feed = self._feed(pictures, targets)

        def make() -> Program:
            return assembly.training(
                self.plan.operations, self.plan.places, feed, assembly.groups_of(recipe.batch_size), recipe.seed,
                recipe.loss, recipe.optimizer if state else None, recipe.augment,
            )  # fmt: skip

        made_for = (recipe, state, pictures.dtype, targets.dtype)
        return self._runner("train" if state else "gradient", made_for, make, state.memory if state else None)

    def _runner(
        self,
        purpose: str,
        made_for: tuple[object, ...],
        make: Callable[[], Program],
        state: np.ndarray | None = None,
    ) -> Runner:
        if purpose not in self._runners or self._runners[purpose][0] != made_for:
            self._runners.pop(purpose, None)  # its memory is free before more is taken
            runner = Runner(make(), self.plan.places, self.plan.memory.array, state, self.threads, self.announce)
            self._runners[purpose] = (made_for, runner)
        return self._runners[purpose][1]

    def _feed(self, pictures: np.ndarray, targets: np.ndarray | None = None) -> assembly.Feed:
        classes = targets is None or targets.ndim == 1
        if pictures.dtype != np.uint8:
            return assembly.Feed(classes=classes)
        return assembly.Feed(self.plan.factors, self.plan.offsets, classes)


def _ready(array: np.ndarray, raw: bool = True) -> np.ndarray:
    """An array as kernels read it: contiguous bytes, float32 or int64."""
    if raw and array.dtype == np.uint8:
        return np.ascontiguousarray(array)
    kind = np.int64 if not raw and np.issubdtype(array.dtype, np.integer) else np.float32
    return np.ascontiguousarray(array, kind)
