"""The optimizer's part of a training step: its rows, and the parameters that each of them steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from xonet.kernels.registers import Register
from xonet.optimizers import OPTIMIZERS, Optimizer
from xonet.optimizers._site import OptimizerSite, Part, Tensor
from xonet.program.alignment import LINE, rounded
from xonet.program.layout import Layout, Place
from xonet.program.rows import Argument, Program, Ref, Row

STRETCH = 256
"""Sixteens of parameters that one row of an optimizer steps."""


def update_stages(program: Program, places: Layout, optimizer: Optimizer) -> list[list[Row]]:
    """The rows of one step; those of a list may run side by side, when all of the lists before are done."""
    trained = [(name, place) for name, place in places.places.items() if place.trained]
    trained.sort(key=lambda named: named[1].offset)
    once = {first for first, _ in program.once}

    def parts(some: Sequence[Place]) -> Iterator[Part]:
        """Stretches of parameters that lie beside each other and are stepped alike."""
        slots: Argument = 0 if some[0].offset in once else Ref(Register.SLOTS)
        end = rounded(some[-1].end)
        for first in range(some[0].offset, end, LINE * STRETCH):
            offset = 4 * first
            state = {
                name: Ref(Register.STATE, 4 * places.trained * number + offset)
                for number, name in enumerate(optimizer.state)
            }
            gradients, parameters = Ref(Register.GRADIENTS, offset), Ref(Register.PARAMETERS, offset)
            count = min(STRETCH, (end - first) // LINE)
            yield Part(parameters, gradients, state, count, slots, some[0].rate_factor, some[0].decay_factor)

    def alike(place: Place) -> tuple[bool, float, float]:
        return place.offset in once, place.rate_factor, place.decay_factor

    together = [part for _, some in groupby((place for _, place in trained), alike) for part in parts([*some])]
    tensors = [Tensor(name, place.shape, [*parts([place])]) for name, place in trained]
    site = OptimizerSite(program, [[]], together, tensors, 4 * places.trained)
    OPTIMIZERS.part(optimizer, "native").lower(optimizer, site)
    return site.stages
