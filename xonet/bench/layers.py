"""Where the time of a training step goes: a program's rows one after another on one thread, a timer around each."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from xonet.bench.machine import peak
from xonet.bench.native import multiply
from xonet.bench.task import RATE, Task
from xonet.bench.work import backward_products, products
from xonet.engine import assembly
from xonet.engine import native as ends
from xonet.engine.plan import Recipe, State
from xonet.engine.runner import Batches, Runner
from xonet.kernels import LANES, Kernel
from xonet.kernels.loading import entry, library
from xonet.kernels.registers import Control, Phase, Register
from xonet.layers import LAYERS
from xonet.layers._graph import Operation
from xonet.model import Model
from xonet.program.rows import Program

FEWEST = 5
"""Steps that are measured at least."""
COPIED = {
    Register.PARAMETERS: Control.PARAMETERS,
    Register.SHARED: Control.SHARED,
    Register.GROUP_STRIDE: Control.ACTIVATIONS_STRIDE,
    Register.STATE: Control.STATE,
    Register.SCRATCH: Control.SCRATCH,
    Register.PICTURES: Control.PICTURES,
    Register.TARGETS: Control.TARGETS,
    Register.RATE: Control.RATES,
}
"""Registers that say the same in all rows."""

Clock = Callable[[], float]


@dataclass(eq=False)
class Timing:
    """The rows of one kernel of one layer in one direction."""

    way: str
    """`forward` or `backward`, for a layer's rows; otherwise `input`, `loss` or `optimizer`."""
    owner: Operation | None
    """Whose layer; None for what belongs to the whole network."""
    kernel: Kernel
    calls: int = 0
    """In a step."""
    times: list[float] = field(default_factory=list)
    """Seconds of all calls, in each step measured."""
    overhead: float = 0.0
    """Seconds that the timer takes of each call."""

    @property
    def seconds(self) -> float:
        """In a step."""
        return max(0.0, statistics.median(self.times) - self.calls * self.overhead)


def profile(task: Task, seconds: float, clock: Clock = time.perf_counter) -> list[Timing]:
    """Time of every row in a training step, summed over its groups, in the program's order.

    Args:
        task: What is trained.
        seconds: How long steps are measured again and again; a few are in any case.
        clock: Gives seconds since some beginning.
    """
    batch = task.batch_size
    model = Model(task.network, seed=0, threads=1)
    plan = model.plan
    x, targets = task.data(batch)
    feed = assembly.Feed(classes=targets.ndim == 1)
    recipe = Recipe(task.loss, batch, optimizer=task.optimizer)
    program = assembly.training(plan.operations, plan.places, feed, recipe)
    state = State.new(task.optimizer, plan.places)
    runner = Runner(program, plan.places, plan.flat, state.memory, threads=1)
    # The first step does what only a first one does, and leaves all addresses in the control block.
    rates = np.full(1, RATE, np.float32)
    batches, scores = Batches(x, np.arange(batch), batch, targets, rates), np.zeros((batch, plan.outputs), np.float32)
    runner.run(batches, scores)
    timings = _timings(program, _overhead(clock))
    calls = [(timings[number], call, frame) for number, call, frame in _calls(program, runner, batch)]
    for timing, _, _ in calls:
        timing.calls += 1
    every = [timing for timing in dict.fromkeys(timings) if timing.calls]
    end = time.perf_counter() + seconds
    while len(every[0].times) < FEWEST or time.perf_counter() < end:
        for timing in every:
            timing.times.append(0.0)
        for timing, call, frame in calls:
            address, begin = frame.ctypes.data, clock()
            call(address)
            timing.times[-1] += clock() - begin
    return every


def table(task: Task, timings: list[Timing]) -> list[dict[str, Any]]:
    """Layer by layer what `profile` found, and one row each for the input, the loss and the optimizer.

    A layer's multiply-adds are those of its formula, forward and back. What prepares its weights counts as forward;
    the loss and the optimizer as backward. A layer that a neighbour does in passing has no time of its own.
    """
    operations = task.network.operations
    back = backward_products(operations)
    spent: dict[Any, dict[str, float]] = {}
    for timing in timings:
        way = {"input": "forward", "forward": "forward"}.get(timing.way, "backward")
        both = spent.setdefault(timing.owner or timing.way, {})
        both[way] = both.get(way, 0.0) + timing.seconds
    in_all = sum(sum(both.values()) for both in spent.values()) or math.inf

    def cells(place: str, layer: str, key: Operation | str) -> dict[str, Any]:
        both = spent.get(key, {})
        seconds, count = sum(both.values()), 0
        if isinstance(key, Operation):
            count = task.batch_size * (products(key) + back[key])
        rate = 2 * count / seconds if seconds else 0.0
        return {
            "place": place,
            "layer": layer,
            "forward_seconds": both.get("forward"),
            "backward_seconds": both.get("backward"),
            "share": seconds / in_all,
            "in_passing": isinstance(key, Operation) and "forward" not in both and not key.layer.renames,
            "multiply_adds": count,
            "gflops": rate / 1e9 if count else None,
            "of_peak": rate / peak(1) if count else None,
        }

    layers = [cells(operation.path, LAYERS.word(operation.layer), operation) for operation in operations]
    return [cells("", "input", "input"), *layers, *(cells("", word, word) for word in ("loss", "optimizer"))]


def _timings(program: Program, overhead: float) -> list[Timing]:
    """The timing of each row."""
    timings: list[Timing] = []
    known: dict[tuple[object, ...], Timing] = {}
    preparing = {
        row for _, first, count in program.phases[: program.first_only] for row in program.rows[first : first + count]
    }
    kernels = [row.kernel for row in program.rows]
    scores, checked = kernels.index(ends.unload), kernels.index(ends.check_nan)
    for number, row in enumerate(program.rows):
        if row.owner:
            way = "backward" if number > checked and row not in preparing else "forward"
        else:
            way = "input" if number < scores else "loss" if number <= checked else "optimizer"
        key = (way, row.owner, row.kernel)
        timings.append(known.setdefault(key, Timing(*key, overhead=overhead)))
    return timings


def _calls(program: Program, runner: Runner, batch: int) -> Iterator[tuple[int, Any, np.ndarray]]:
    """(row, what to call, its arguments), in the order in which one worker goes through any step but the first."""
    addresses = library().addresses([row.kernel for row in program.rows])
    entries = {kernel: entry(address) for kernel, address in addresses.items()}
    control = runner.control
    registers = np.zeros(len(Register), np.int64)
    for register, place in COPIED.items():
        registers[register] = control[place]
    registers[Register.CONTROL], registers[Register.COUNT] = control.ctypes.data, batch
    registers[Register.GROUPS] = groups = assembly.groups_of(batch)
    registers[Register.SLOTS] = slots = min(int(control[Control.SLOTS]), groups)
    for kind, first, count in program.phases[program.first_only :]:
        rows = range(first, first + count)
        for slot in range(slots if kind is Phase.GROUPS else 1):
            registers[Register.GRADIENTS] = control[Control.GRADIENTS] + slot * control[Control.GRADIENTS_STRIDE]
            for group in range(slot, groups, slots) if kind is Phase.GROUPS else [0]:
                before = group * LANES
                registers[Register.GROUP] = group
                registers[Register.LANES] = min(LANES, batch - before)
                registers[Register.ACTIVATIONS] = (
                    control[Control.ACTIVATIONS] + group * control[Control.ACTIVATIONS_STRIDE]
                )
                registers[Register.INDICES] = control[Control.INDICES] + 8 * before
                registers[Register.SCORES] = control[Control.SCORES] + before * control[Control.SCORES_STRIDE]
                for number in rows:
                    row = program.rows[number]
                    frame = np.array([registers[register] + offset for register, offset in row.arguments], np.int64)
                    yield number, entries[row.kernel], frame


@cache
def _overhead(clock: Clock) -> float:
    """Seconds that a timer and a call from Python take by themselves, at least."""
    call, nothing = entry(library().addresses([multiply])[multiply]), np.zeros(multiply.arity, np.int64)
    times = []
    for _ in range(1000):
        address, begin = nothing.ctypes.data, clock()
        call(address)
        times.append(clock() - begin)
    return min(times)
