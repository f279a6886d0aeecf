"""Where the time of a training step goes: a program's rows one after another on one thread, with a timer around each.

The timer counts a processor's seconds, so that it does not matter whether other processes use the machine.

`python -m tests.benchmarks.rows vgg6 --batch 64`
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

import xonet
from tests.benchmarks.machine import peak
from tests.benchmarks.training import CASES, LOSS, NETWORKS, OPTIMIZER
from tests.benchmarks.work import products
from xonet.engine import assembly
from xonet.engine.plan import State
from xonet.engine.program import Program
from xonet.engine.runner import Runner
from xonet.kernels import LANES
from xonet.kernels.loading import entry, library
from xonet.kernels.registers import Control, Phase, Register
from xonet.kernels.sliding import pack
from xonet.layers import LAYERS

AT_THE_END = ("unload", "watch")
"""Kernels between the way forward and the way back."""
MULTIPLYING = {"tile", "packed_tile", "batch_tile", "window_tile", "window_weights_tile", "outer", "fma"}
"""Words that the kernels use which do a layer's multiply-adds."""
COPIED = {
    Register.PARAMETERS: Control.PARAMETERS,
    Register.SHARED: Control.SHARED,
    Register.STATE: Control.STATE,
    Register.SCRATCH: Control.SCRATCH,
    Register.PICTURES: Control.PICTURES,
    Register.TARGETS: Control.TARGETS,
    Register.RATE: Control.RATES,
}
"""Registers that say the same in all rows."""


@dataclass(eq=False)
class Line:
    """The rows of one kernel of one layer in one direction."""

    way: str
    layer: str
    kernel: str
    products: int = 0
    """Multiply-adds in a step."""
    calls: int = 0
    """In a step."""
    times: list[float] = field(default_factory=list)
    """Seconds of all calls, in each step measured."""

    @property
    def seconds(self) -> float:
        """In a step, without what the timer took."""
        return max(0.0, statistics.median(self.times) - self.calls * overhead())


def profile(network: xonet.Network, batch: int, steps: int) -> list[Line]:
    """Time of every row in a training step of `batch` pictures, summed over its groups, in the program's order."""
    model = xonet.Model(network, seed=0, threads=1)
    plan, groups = model.plan, assembly.groups_of(batch)
    program = assembly.training(plan.operations, plan.places, assembly.Feed(), groups, 0, LOSS, OPTIMIZER)
    state = State.new(OPTIMIZER, plan.places)
    runner = Runner(program, plan.places, plan.flat, state.memory, threads=1)
    rng = np.random.default_rng(0)
    x = rng.standard_normal((batch, *network.shape), np.float32)
    # The first step does what only a first one does, and leaves all addresses in the control block.
    data = (x, np.arange(batch), np.zeros((batch, network.outputs), np.float32))
    targets, rates = rng.integers(0, network.outputs, batch), np.full(1, OPTIMIZER.learning_rate, np.float32)
    runner.run(*data, batch, targets, rates)
    lines = _lines(program, groups)
    calls = [(lines[number], call, frame) for number, call, frame in _calls(program, runner, batch)]
    for line, _, _ in calls:
        line.calls += 1
    every = [line for line in dict.fromkeys(lines) if line.calls]
    for _ in range(steps):
        for line in every:
            line.times.append(0.0)
        for line, call, frame in calls:
            address, begin = frame.ctypes.data, time.thread_time()
            call(address)
            line.times[-1] += time.thread_time() - begin
    return every


def _lines(program: Program, groups: int) -> list[Line]:
    """The line of each row."""
    lines: list[Line] = []
    known: dict[tuple[str, ...], Line] = {}
    way = "forward"
    last = max(number for number, (kind, _, _) in enumerate(program.phases) if kind is Phase.GROUPS)
    for number, (_, first, count) in enumerate(program.phases):
        way = "step" if number > last else way
        for row in program.rows[first : first + count]:
            name = row.kernel.function.__name__
            layer = f"{row.owner.path} {LAYERS.word(row.owner.layer)}" if row.owner else ""
            key = (way, layer, name if row.owner else row.kernel.name.removeprefix("xonet."))
            line = known.setdefault(key, Line(*key))
            if row.owner and not MULTIPLYING.isdisjoint(row.kernel.function.__code__.co_names):
                line.products = products(row.owner) * groups * LANES
            lines.append(line)
            if name in AT_THE_END:
                way = "backward"
    return lines


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
def overhead() -> float:
    """Seconds that a timer and a call from Python take by themselves, at least."""
    call, nothing = entry(library().addresses([pack])[pack]), np.zeros(pack.arity, np.int64)
    times = []
    for _ in range(1000):
        address, begin = nothing.ctypes.data, time.thread_time()
        call(address)
        times.append(time.thread_time() - begin)
    return min(times)


def table(lines: list[Line]) -> Iterator[str]:
    """Markdown: every line, then sums by kernel."""
    in_all = sum(line.seconds for line in lines)
    yield "| way | layer | kernel | µs a step | share | GFLOP/s | of peak |"
    yield "|---|---|---|--:|--:|--:|--:|"
    for line in lines:
        yield _cells(line.way, line.layer, line.kernel, line.seconds, in_all, line.products)
    yield "\n| way | layer | kernel | µs a step | share | GFLOP/s | of peak |"
    yield "|---|---|---|--:|--:|--:|--:|"
    kinds: dict[tuple[str, ...], list[Line]] = {}
    for line in lines:
        kinds.setdefault((line.way, line.layer.partition(" ")[2], line.kernel), []).append(line)
    sums = {key: sum(line.seconds for line in same) for key, same in kinds.items()}
    for key, seconds in sorted(sums.items(), key=lambda item: -item[1]):
        yield _cells(*key, seconds, in_all, sum(line.products for line in kinds[key]))
    yield _cells("all", "", "", in_all, in_all, sum(line.products for line in lines))


def _cells(way: str, layer: str, kernel: str, seconds: float, in_all: float, count: int) -> str:
    cells = [way, layer, kernel, f"{seconds * 1e6:,.1f}", f"{seconds / in_all:.1%}", "", ""]
    if count and seconds:
        cells[-2:] = [f"{2 * count / seconds / 1e9:.0f}", f"{2 * count / seconds / peak():.0%}"]
    return f"| {' | '.join(cells)} |"


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.rows", description=__doc__)
    parser.add_argument("name", choices=CASES)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--steps", type=int, default=9)
    options = parser.parse_args()
    network = xonet.load(NETWORKS / f"{options.name}.yaml")
    lines = profile(network, options.batch, options.steps)
    print("\n".join(table(lines)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
