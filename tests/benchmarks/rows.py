"""Where the time of a training step goes: a program's rows one after another on one thread, each with a timer around it.

    python -m tests.benchmarks.rows vgg6 --batch 64
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

import xonet
from tests.benchmarks.machine import peak
from tests.benchmarks.training import LOSS, NETWORKS, OPTIMIZER
from tests.benchmarks.work import products
from xonet.engine import assembly
from xonet.engine.plan import State
from xonet.engine.program import Program, Row
from xonet.engine.runner import Runner
from xonet.kernels import LANES, Kernel
from xonet.kernels.library import entry, library
from xonet.kernels.registers import Control, Phase, Register
from xonet.layers import LAYERS

AT_THE_END = ("unload", "watch")
"""Kernels between the way forward and the way back."""
NO_PRODUCTS = ("pack", "gradient_of_bias")
"""Kernels of layers with weights that do not multiply by them."""


@dataclass
class Line:
    """One kernel of one layer in one direction."""

    way: str
    layer: str
    kernel: str
    products: int = 0
    """Multiply-adds in a step."""
    seconds: list[float] = field(default_factory=list)
    """In each step measured."""


def profile(network: xonet.Network, batch: int, steps: int) -> list[Line]:
    """Time of every row in a training step of `batch` pictures, summed over its groups."""
    model = xonet.Model(network, seed=0, threads=1)
    plan, groups = model.plan, assembly.groups_of(batch)
    program = assembly.training(plan.operations, plan.places, assembly.Feed(), groups, 0, LOSS, OPTIMIZER)
    state = State.new(OPTIMIZER, plan.places)
    runner = Runner(program, plan.places, plan.flat, state.memory, threads=1)
    rng = np.random.default_rng(0)
    x = rng.standard_normal((4 * batch, *network.shape), np.float32)
    data = (x, rng.permutation(len(x)), np.zeros((len(x), network.outputs), np.float32))
    targets, rates = rng.integers(0, network.outputs, len(x)), np.full(4, OPTIMIZER.learning_rate, np.float32)
    runner.run(*data, batch, targets, rates)
    lines = _lines(program, groups)
    calls = list(_calls(program, runner, batch))
    for _ in range(steps):
        spent = [0.0] * len(lines)
        for number, call, address in calls:
            begin = time.perf_counter()
            call(address)
            spent[number] += time.perf_counter() - begin
        for line, seconds in zip(lines, spent, strict=True):
            line.seconds.append(seconds)
    return lines


def _lines(program: Program, groups: int) -> list[Line]:
    """One a row, in the program's order."""
    lines, way = [], "prepare"
    for kind, first, count in program.phases:
        if kind is Phase.GROUPS and way == "prepare":
            way = "forward"
        for row in program.rows[first : first + count]:
            lines.append(_line(row, way, groups))
            if row.kernel.function.__name__ in AT_THE_END:
                way = "backward"
    return lines


def _line(row: Row, way: str, groups: int) -> Line:
    name = row.kernel.function.__name__
    if row.owner is None:
        return Line(way, "", row.kernel.name.removeprefix("xonet."))
    multiplies = name not in NO_PRODUCTS
    return Line(
        way, f"{row.owner.path} {LAYERS.word(row.owner.layer)}", name, products(row.owner) * groups * LANES * multiplies
    )


def _calls(program: Program, runner: Runner, batch: int) -> Iterator[tuple[int, object, int]]:
    """(row, what to call, with which address), in the order in which one worker goes through a step."""
    addresses = library().addresses([row.kernel for row in program.rows])
    entries: dict[Kernel, object] = {kernel: entry(address) for kernel, address in addresses.items()}
    control = runner.control
    registers = np.zeros(len(Register), np.int64)
    for name in ("PARAMETERS", "SHARED", "STATE", "SCRATCH", "PICTURES", "TARGETS", "RATES"):
        registers[Register[name.removesuffix("S") if name == "RATES" else name]] = control[Control[name]]
    registers[Register.CONTROL], registers[Register.COUNT] = control.ctypes.data, batch
    registers[Register.GROUPS] = groups = assembly.groups_of(batch)
    registers[Register.SLOTS] = slots = min(int(control[Control.SLOTS]), groups)
    for kind, first, count in program.phases:
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
                    program.tables.append(frame)  # which keeps it alive
                    yield number, entries[row.kernel], frame.ctypes.data


def overhead() -> float:
    """Seconds that a timer and a call from Python take by themselves."""
    from xonet.kernels.sliding import pack

    call, nothing = entry(library().addresses([pack])[pack]), np.zeros(5, np.int64)
    times = []
    for _ in range(1000):
        begin = time.perf_counter()
        call(nothing.ctypes.data)
        times.append(time.perf_counter() - begin)
    return statistics.median(times)
