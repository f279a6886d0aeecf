"""What a program does once a step, when the gradient is there: from its slots to changed parameters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xonet.engine.memory import slots_of
from xonet.engine.plan import Recipe
from xonet.kernels import updating as kernels
from xonet.kernels.registers import Phase, Register
from xonet.optimizers import OPTIMIZERS, Optimizer
from xonet.optimizers._site import OptimizerSite, Part
from xonet.program.alignment import LINE
from xonet.program.layout import Layout
from xonet.program.rows import Argument, Program, Ref, Row

STRETCH = 256
"""Sixteens of parameters that one row steps."""

SMALL = 1 << 13
"""Parameters that one worker steps sooner than all workers meet."""


@dataclass(frozen=True)
class Stretch:
    """Parameters that are stepped alike: from number `first` to before `end`."""

    first: int
    end: int
    once: bool
    """Whether their gradient lies in the first slot only, and is written anew in every step."""

    @property
    def count(self) -> int:
        """Sixteens of them."""
        return (self.end - self.first) // LINE

    def at(self, register: Register, before: int = 0) -> Ref:
        """Where their numbers begin, `before` float32 behind a register's place."""
        return Ref(register, 4 * (before + self.first))


class Updating:
    """Adds to a program the rows that make a step of a gradient."""

    def __init__(self, program: Program, places: Layout, recipe: Recipe, optimizer: Optimizer) -> None:
        self.program, self.places, self.recipe, self.optimizer = program, places, recipe, optimizer
        self.stretches = list(_cut(_stretches(program, places.trained)))
        self.kind = Phase.ONE if places.trained < SMALL else Phase.ROWS
        self.slot = 4 * places.trained
        """Bytes from one slot's gradient to the next's."""

    def add(self) -> None:
        """The rows, in their order."""
        self._add_up()
        self.program.updates_from = len(self.program.phases)
        gathers = self.recipe.clip is not None or self.recipe.accumulate > 1
        if gathers:
            self._gather()
        self.program.add(self.kind, self._step(gathers))

    def _add_up(self) -> None:
        """What is written anew in every step is added up behind the slots; the others add up by themselves."""
        once = [stretch for stretch in self.stretches if stretch.once]
        if self.recipe.accumulate == 1 or not once:
            return
        self.program.spare_gradients = 1
        rows = [
            self.program.row(
                kernels.add_up,
                (stretch.at(Register.GRADIENTS), self._sums(stretch), Ref(Register.BATCH_OF_ROUND), stretch.count),
            )
            for stretch in once
        ]
        self.program.add(Phase.ROWS, rows)

    def _sums(self, stretch: Stretch) -> Ref:
        return stretch.at(Register.GRADIENTS, slots_of(self.program) * self.places.trained)

    def _gather(self) -> None:
        """The gradient goes to the first slot, as a whole."""
        program, clip, rounds = self.program, self.recipe.clip, self.recipe.accumulate > 1
        norm, limit = (clip.norm, clip.value) if clip else (None, None)
        squares = program.take_shared(LINE * len(self.stretches)) if norm else None
        # in some steps of a round there may be fewer groups than in others
        slots: Argument = slots_of(program) if rounds else Ref(Register.SLOTS)
        rows = []
        for number, stretch in enumerate(self.stretches):
            place = stretch.at(Register.GRADIENTS)
            rows.append(
                program.row(
                    kernels.gather,
                    (
                        self._sums(stretch) if stretch.once and rounds else place, self.slot,
                        0 if stretch.once else slots, place, Ref(Register.BATCH_OF_ROUND) if rounds else 1,
                        stretch.at(Register.PARAMETERS), 0.0, limit or 0.0,
                        squares.plus(LINE * number) if squares else 0, stretch.count,
                    ),
                )
            )  # fmt: skip
        program.add(self.kind, rows)
        if norm and squares:
            program.add(
                self.kind,
                [
                    program.row(
                        kernels.shorten,
                        (stretch.at(Register.GRADIENTS), squares, len(self.stretches), norm, stretch.count),
                    )
                    for stretch in self.stretches
                ],
            )

    def _step(self, gathered: bool) -> list[Row]:
        """The optimizer's own rows."""
        slots: Argument = 1 if gathered else Ref(Register.SLOTS)
        parts = [
            Part(
                stretch.at(Register.PARAMETERS),
                stretch.at(Register.GRADIENTS),
                {
                    name: stretch.at(Register.STATE, self.places.trained * number)
                    for number, name in enumerate(self.optimizer.state)
                },
                stretch.count,
                0 if stretch.once else slots,
            )
            for stretch in self.stretches
        ]
        site = OptimizerSite(self.program, [], parts, self.slot)
        OPTIMIZERS.part(self.optimizer, "native").lower(self.optimizer, site)
        return site.rows


def _stretches(program: Program, trained: int) -> Iterator[Stretch]:
    done = 0
    for first, end in sorted(program.once):
        if done < first:
            yield Stretch(done, first, False)
        yield Stretch(first, end, True)
        done = end
    if done < trained:
        yield Stretch(done, trained, False)


def _cut(stretches: Iterator[Stretch]) -> Iterator[Stretch]:
    """The same in pieces for one row each."""
    for whole in stretches:
        for first in range(whole.first, whole.end, LINE * STRETCH):
            yield Stretch(first, min(whole.end, first + LINE * STRETCH), whole.once)
