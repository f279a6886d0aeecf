"""What a training step does when the gradient is there: from its slots to changed parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from xonet.engine.memory import slots_of
from xonet.engine.plan import Recipe
from xonet.kernels import updating
from xonet.kernels.registers import Phase, Register
from xonet.optimizers import OPTIMIZERS
from xonet.optimizers._site import OptimizerSite, Part, Tensor
from xonet.program.alignment import LINE, rounded
from xonet.program.layout import Layout, Place
from xonet.program.rows import Argument, Program, Ref, Row

STRETCH = 256
"""Sixteens of parameters that one row of an optimizer steps."""

SMALL = 1 << 13
"""Parameters that one worker steps sooner than all workers meet."""

Named = tuple[str, Place]


class Updates:
    """Adds to a program the rows that come after those of a step's groups."""

    def __init__(self, program: Program, places: Layout, recipe: Recipe) -> None:
        self.program, self.places, self.recipe = program, places, recipe
        self.kind = Phase.ONE if places.trained < SMALL else Phase.ROWS
        self.moved = sorted(
            ((name, place) for name, place in places.places.items() if place.trained and name not in recipe.frozen),
            key=lambda named: named[1].offset,
        )
        self.once = {first for first, _ in program.once}
        self.rounds = recipe.accumulate > 1
        self.slot = 4 * places.trained
        """Bytes from one slot's gradient to the next's."""

    def add(self, prepare: Sequence[Row]) -> None:
        """The rows, in their order, and those of layers whose parameters have changed."""
        if self.rounds:
            self._add_up()
        self.program.updates_from = len(self.program.phases)
        gathers = self.rounds or self.recipe.clip is not None or any(place.l2 for _, place in self.moved)
        for rows in [*(self._gather() if gathers else ()), *self._steps(gathers), self._bound(), self._average()]:
            self.program.add(self.kind, rows)
        self.program.add(self.kind, prepare)

    def _stretches(self, some: Sequence[Named], alike: Callable[[Named], Any]) -> Iterator[tuple[Named, int, int]]:
        """Parameters that lie beside each other and are alike, in pieces: one of them, the first value, and sixteens.

        Whose gradient is written anew in every step is not like others.
        """

        def traits(named: Named) -> tuple[bool, Any]:
            return named[1].offset in self.once, alike(named)

        runs: list[list[Named]] = []
        for named in some:
            last = runs[-1][-1] if runs else None
            if last and rounded(last[1].end) == named[1].offset and traits(last) == traits(named):
                runs[-1].append(named)
            else:
                runs.append([named])
        for run in runs:
            end = rounded(run[-1][1].end)
            for first in range(run[0][1].offset, end, LINE * STRETCH):
                yield run[0], first, min(STRETCH, (end - first) // LINE)

    def _add_up(self) -> None:
        """What is written anew in every step is added up behind the slots; the others add up by themselves."""
        rows = []
        for (_, place), first, count in self._stretches(self.moved, lambda _: 0):
            if place.offset in self.once:
                arguments = (Ref(Register.GRADIENTS, 4 * first), self._sums(first), Ref(Register.BATCH_OF_ROUND), count)
                rows.append(self.program.row(updating.add_up, arguments))
        self.program.spare_gradients = 1 if rows else 0
        self.program.add(Phase.ROWS, rows)

    def _sums(self, first: int) -> Ref:
        return Ref(Register.GRADIENTS, slots_of(self.program) * self.slot + 4 * first)

    def _gather(self) -> list[list[Row]]:
        """The gradient goes to the first slot, as a whole, with all that comes before the optimizer."""
        program, clip = self.program, self.recipe.clip
        norm, limit = (clip.norm, clip.value) if clip else (None, None)
        # in some steps of a round there may be fewer groups than in others
        slots: Argument = slots_of(program) if self.rounds else Ref(Register.SLOTS)
        batches: Argument = Ref(Register.BATCH_OF_ROUND) if self.rounds else 1
        stretches = [*self._stretches(self.moved, lambda named: named[1].l2)]
        squares = program.take_shared(LINE * len(stretches)) if norm else None
        gathers, shortens = [], []
        for number, ((_, place), first, count) in enumerate(stretches):
            gradients, once = Ref(Register.GRADIENTS, 4 * first), place.offset in self.once
            own = squares.plus(LINE * number) if squares else 0
            arguments = (
                self._sums(first) if once and self.rounds else gradients, self.slot, 0 if once else slots, gradients,
                batches, Ref(Register.PARAMETERS, 4 * first), 2 * place.l2, limit or 0.0, own, count,
            )  # fmt: skip
            gathers.append(program.row(updating.gather, arguments))
            if norm and squares:
                shortens.append(program.row(updating.shorten, (gradients, squares, len(stretches), norm, count)))
        return [gathers, shortens]

    def _steps(self, gathered: bool) -> list[list[Row]]:
        """The optimizer's own rows; those of a list may run side by side, when all of the lists before are done."""
        optimizer, slots = self.recipe.optimizer, 1 if gathered else Ref(Register.SLOTS)
        assert optimizer is not None, "assembly has looked"
        missed = dict(self.recipe.missed)

        def parts(some: Sequence[Named]) -> Iterator[Part]:
            def alike(named: Named) -> tuple[float, float, int]:
                return named[1].rate_factor, named[1].decay_factor, missed.get(named[0], 0)

            for (name, place), first, count in self._stretches(some, alike):
                state = {
                    vector: Ref(Register.STATE, self.slot * number + 4 * first)
                    for number, vector in enumerate(optimizer.state)
                }
                yield Part(
                    Ref(Register.PARAMETERS, 4 * first), Ref(Register.GRADIENTS, 4 * first), state, count,
                    0 if place.offset in self.once else slots, place.rate_factor, place.decay_factor,
                    missed.get(name, 0),
                )  # fmt: skip

        tensors = [Tensor(name, place.shape, [*parts([(name, place)])]) for name, place in self.moved]
        site = OptimizerSite(self.program, [[]], [*parts(self.moved)], tensors, self.slot)
        OPTIMIZERS.part(optimizer, "native").lower(optimizer, site)
        return site.stages

    def _bound(self) -> list[Row]:
        """Rows that shorten weights that have become too long."""
        rows = []
        for _, place in self.moved:
            inputs = place.size // place.shape[0]
            some = max(1, LINE * STRETCH // inputs)
            for first in range(0, place.shape[0] if place.max_norm else 0, some):
                weights = Ref(Register.PARAMETERS, 4 * (place.offset + first * inputs))
                units = min(some, place.shape[0] - first)
                rows.append(self.program.row(updating.shorten_units, (weights, units, inputs, place.max_norm)))
        return rows

    def _average(self) -> list[Row]:
        """Rows that let all parameters that are ever trained join their average."""
        average, optimizer = self.recipe.average, self.recipe.optimizer
        if average is None or optimizer is None:
            return []
        before, update = self.slot * len(optimizer.state), Ref(Register.UPDATE, -average.begun)
        rows = []
        for first in range(0, self.places.trained, LINE * STRETCH):
            parameters, averages = Ref(Register.PARAMETERS, 4 * first), Ref(Register.STATE, before + 4 * first)
            count = min(STRETCH, (self.places.trained - first) // LINE)
            rows.append(self.program.row(updating.average, (parameters, averages, update, 1 - average.decay, count)))
        return rows
