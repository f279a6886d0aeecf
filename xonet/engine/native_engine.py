"""The native engine: a plan as programs that compiled kernels run."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import numpy as np

from xonet.engine import assembly
from xonet.engine.memory import workers_of
from xonet.engine.plan import Epoch, OnStep, Plan, Recipe, State, Take, part_of
from xonet.engine.runner import Batches, Runner, default_threads
from xonet.engine.single_runner import SingleRunner
from xonet.engine.statistics import forget, running
from xonet.kernels import LANES
from xonet.layers._single_site import NoSinglePicture
from xonet.program.alignment import aligned
from xonet.program.rows import Program
from xonet.turns import imported

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
        self._amid = False
        """Whether a call is using the runners."""
        self._spare: NativeEngine | None = None
        """With memory of its own: for a signal handler that comes amid a call."""
        self._lost = plan.turn.lost

    def scores(self, pictures: np.ndarray, take: Take | None = None) -> np.ndarray:
        """See `Engine`."""
        return self.plan.turn.take(self._scores, pictures, take)

    def train(
        self, recipe: Recipe, state: State, epoch: Epoch, on_step: OnStep | None = None, take: Take | None = None
    ) -> tuple[np.ndarray, int]:
        """See `Engine`."""
        return self.plan.training.take(self._train, recipe, state, epoch, on_step, take)

    def gradient(
        self, recipe: Recipe, pictures: np.ndarray, targets: np.ndarray | None, step: int = 0
    ) -> tuple[np.ndarray, np.ndarray]:
        """See `Engine`."""
        return self.plan.turn.take(self._gradient, recipe, pictures, targets, step)

    def _own(self) -> NativeEngine | None:
        """Amid a call of this thread's own, the engine to use in place of this one. Only in a turn."""
        self._look_for_forks()
        if not self._amid and not any(single and single.amid for single in self._singles.values()):
            return None
        if self._spare is None:
            self._spare = NativeEngine(self.plan, self.threads, self.announce)
        return self._spare

    def _look_for_forks(self) -> None:
        if self._lost != self.plan.turn.lost:  # one has come amid a call of a thread that is no more
            self._runners.clear()
            self._lost, self._amid = self.plan.turn.lost, False

    def _scores(self, pictures: np.ndarray, take: Take | None) -> np.ndarray:
        if other := self._own():
            return other._scores(pictures, take)
        self._amid = True
        try:
            return self._scores_of(pictures, take)
        finally:
            self._amid = False

    def _scores_of(self, pictures: np.ndarray, take: Take | None) -> np.ndarray:
        outputs = self.plan.outputs
        if 0 < len(pictures) <= FEW and (single := self._single(pictures.dtype == np.uint8)):
            scores = single.few(pictures)
            if take:
                take(0, scores)
            return scores[:0] if take else scores
        pictures = _ready(pictures)
        feed = self._feed(pictures)
        threads = self.threads or default_threads()
        groups = assembly.groups_of(len(pictures))
        # where there are fewer groups than threads, threads share a group
        at_once = groups if 0 < groups < threads else GROUPS_AT_ONCE
        workers = workers_of(at_once, False, threads)
        make = lambda: assembly.inference(self.plan.operations, self.plan.places, feed, at_once, workers)  # noqa: E731
        batch = at_once * LANES
        scores = np.zeros((min(len(pictures), part_of(outputs, batch)) if take else len(pictures), outputs), np.float32)
        if len(pictures):
            purpose = "scores" if at_once == GROUPS_AT_ONCE else "scores of few"
            runner = self._runner(purpose, (pictures.dtype, at_once), make)
            for _, first, some in runner.stretches(Batches(pictures, np.arange(len(pictures)), batch), scores):
                if take:
                    take(first, some)
        return scores[:0] if take else scores

    def _train(
        self, recipe: Recipe, state: State, epoch: Epoch, on_step: OnStep | None, take: Take | None
    ) -> tuple[np.ndarray, int]:
        shares = epoch.shares(recipe.batch_size)
        feed = self._feed(epoch.pictures, epoch.targets, trains=True, weighted=shares is not None)
        runner = self.plan.turn.take(self._trainer, recipe, state, feed)
        held = self.plan.flat  # by whoever writes to it, until all is written
        count, batch = len(epoch.order), recipe.batch_size
        rows = min(count, part_of(self.plan.outputs, batch)) if take else count
        scores = np.zeros((rows, self.plan.outputs), np.float32)
        batches = Batches(
            epoch.pictures, epoch.order, batch, epoch.targets, epoch.rates, epoch.first_step, epoch.updates,
            shares, recipe.accumulate,
        )  # fmt: skip
        if recipe.accumulate > 1:
            runner.gradients[...] = 0  # a round that was interrupted has left something
        stretches = runner.stretches(batches, scores, self.plan.turn)
        for done, first, some in stretches:
            if take:
                take(first, some)
            if on_step and on_step(done):
                break
        del held
        return scores[:0] if take else scores, runner.broken

    def statistics(self, recipe: Recipe, epoch: Epoch) -> dict[str, np.ndarray]:
        """See `Engine`."""
        return self.plan.turn.take(self._statistics, recipe, epoch)

    def _statistics(self, recipe: Recipe, epoch: Epoch) -> dict[str, np.ndarray]:
        plan, feed, threads = self.plan, self._feed(epoch.pictures, epoch.targets), self.threads or default_threads()
        workers = workers_of(assembly.groups_of(recipe.batch_size), True, threads)
        program = assembly.training(
            plan.operations, plan.places, feed, recipe, steps=False, workers=workers, measures=True
        )
        self._runners.pop("train", None)  # its memory is free before more is taken
        own, sums = aligned(plan.places.total), aligned(plan.places.total)
        own[...] = plan.memory.array
        forget(plan.operations, plan.places.views(own))
        runner = _runners()[0](program, plan.places, own, sums, self.threads, self.announce)
        scores = np.zeros((part_of(plan.outputs, recipe.batch_size), plan.outputs), np.float32)
        batches = Batches(epoch.pictures, epoch.order, recipe.batch_size, first_step=epoch.first_step)
        for _ in runner.stretches(batches, scores):
            pass
        sums /= np.float32(-(-len(epoch.order) // recipe.batch_size))
        views = plan.places.views(sums)
        return {name: views[name] for name in running(plan.operations)}

    def _gradient(
        self, recipe: Recipe, pictures: np.ndarray, targets: np.ndarray | None, step: int
    ) -> tuple[np.ndarray, np.ndarray]:
        if other := self._own():
            return other._gradient(recipe, pictures, targets, step)
        self._amid = True
        try:
            pictures, targets = _ready(pictures), None if targets is None else _ready(targets, raw=False)
            runner = self._trainer(recipe, None, self._feed(pictures, targets, trains=True))
            runner.gradients[...] = 0
            # a copy of its own: batch_norm's running statistics are written to
            runner.parameters[...] = self.plan.memory.array
            scores = np.zeros((len(pictures), self.plan.outputs), np.float32)
            count = len(pictures)
            runner.run(Batches(pictures, np.arange(count), count, targets, first_step=step), scores)
            total = np.zeros(self.plan.places.trained, np.float32)
            for slot in runner.gradients:
                total += slot
            return scores, total
        finally:
            self._amid = False

    def _single(self, raw: bool) -> SingleRunner | None:
        """What runs one picture at a time, or None, where a layer cannot."""
        if raw not in self._singles:
            try:
                self._singles[raw] = _runners()[1](self.plan, raw, self.threads, self.announce)
            except NoSinglePicture:
                self._singles[raw] = None
        single = self._singles[raw]
        if single and not raw:
            self.quick = single.one
        return single

    def _trainer(self, recipe: Recipe, state: State | None, feed: assembly.Feed) -> Runner:
        groups = assembly.groups_of(recipe.batch_size)
        workers = workers_of(groups, True, self.threads or default_threads())

        def make() -> Program:
            return assembly.training(
                self.plan.operations, self.plan.places, feed, recipe, steps=state is not None, workers=workers
            )

        made_for = (recipe, state, *feed.kinds)
        return self._runner("train" if state else "gradient", made_for, make, state.memory if state else None)

    def _runner(
        self,
        purpose: str,
        made_for: tuple[object, ...],
        make: Callable[[], Program],
        state: np.ndarray | None = None,
    ) -> Runner:
        self._look_for_forks()
        if purpose not in self._runners or self._runners[purpose][0] != made_for:
            self._runners.pop(purpose, None)  # its memory is free before more is taken
            program, numbers = make(), self.plan.memory.array
            own = aligned(len(numbers)) if purpose == "gradient" else numbers
            runner = _runners()[0](program, self.plan.places, own, state, self.threads, self.announce)
            self._runners[purpose] = (made_for, runner)
        return self._runners[purpose][1]

    def _feed(
        self, pictures: np.ndarray, targets: np.ndarray | None = None, trains: bool = False, weighted: bool = False
    ) -> assembly.Feed:
        classes, own_targets = targets is None or targets.ndim == 1, trains and targets is None
        if pictures.dtype != np.uint8:
            return assembly.Feed(classes=classes, own_targets=own_targets, weighted=weighted)
        return assembly.Feed(self.plan.factors, self.plan.offsets, classes, own_targets, weighted)


def _runners() -> tuple[type[Runner], type[SingleRunner]]:
    """What runs programs of groups, and of one picture: compiled, or with XONET_INTERPRET=1 as plain Python."""
    if os.environ.get("XONET_INTERPRET", "0") in ("", "0"):
        return Runner, SingleRunner
    interpreted = imported("xonet.engine.interpreted")
    return interpreted.InterpretedRunner, interpreted.InterpretedSingleRunner


def _ready(array: np.ndarray, raw: bool = True) -> np.ndarray:
    """An array as kernels read it: contiguous bytes, float32 or int64."""
    if raw and array.dtype == np.uint8:
        return np.ascontiguousarray(array)
    kind = np.int64 if not raw and np.issubdtype(array.dtype, np.integer) else np.float32
    return np.ascontiguousarray(array, kind)
