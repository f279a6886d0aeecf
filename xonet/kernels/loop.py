"""The native loop: walks the rows of a program, step by step, on as many threads as there are workers.

The groups of a batch are dealt to a fixed number of slots, slot s taking groups s, s + slots, ...; a slot's gradient
is added up in the order in which it takes its groups, whichever worker does it. So results do not depend on the number
of workers.
"""

from __future__ import annotations

from xonet.kernels import LANES, add_and_get, breathe, call, helper, kernel, long_at, peek, poke, put_long
from xonet.kernels.registers import REGISTERS, Control, Phase, Register

PATIENCE = 1000
"""How often a waiting worker looks before it lets others run."""


@helper
def meet(control, arrivals):
    """Wait until every worker has come as often as this one; gives how often that is."""
    threads = long_at(control, Control.THREADS)
    arrivals += 1
    if threads > 1:
        add_and_get(control, Control.BARRIER, 1)
        patience = PATIENCE
        while peek(control, Control.BARRIER) < threads * arrivals:
            breathe(patience)
            patience -= 1
    return arrivals


@helper
def resolve(control, registers, first, end):
    """Work out arguments of rows, and write them to the worker's frames: (place there, register, offset)."""
    frames, arguments = registers + 8 * REGISTERS, long_at(control, Control.ARGUMENTS)
    for n in range(first, end):
        value = long_at(registers, long_at(arguments, 3 * n + 1)) + long_at(arguments, 3 * n + 2)
        put_long(frames, long_at(arguments, 3 * n), value)


@helper
def run_row(control, number, registers):
    """Work out those of a row's arguments that may have changed, and call its kernel."""
    row = long_at(control, Control.ROWS) + 32 * number
    resolve(control, registers, long_at(row, 2), long_at(row, 3))
    call(long_at(row, 0), registers + 8 * (REGISTERS + long_at(row, 1)))


@helper
def run_groups(control, registers, worker, first, rows, position, groups, count, back):
    """One phase's rows for the groups of this worker's slots; `back`: last groups first."""
    slots, threads = min(long_at(control, Control.SLOTS), groups), long_at(control, Control.THREADS)
    values = long_at(registers, Register.ACTIVATIONS)
    mine = (slots - worker + threads - 1) // threads
    for number in range(mine):
        slot = worker + threads * (mine - 1 - number if back else number)
        put_long(
            registers,
            Register.GRADIENTS,
            long_at(control, Control.GRADIENTS) + slot * long_at(control, Control.GRADIENTS_STRIDE),
        )
        own = (groups - slot + slots - 1) // slots
        for turn in range(own):
            group = slot + slots * (own - 1 - turn if back else turn)
            before = group * LANES
            put_long(registers, Register.ACTIVATIONS, values + group * long_at(control, Control.ACTIVATIONS_STRIDE))
            put_long(registers, Register.GROUP, group)
            put_long(registers, Register.LANES, min(LANES, count - before))
            put_long(registers, Register.INDICES, long_at(control, Control.INDICES) + 8 * (position + before))
            put_long(
                registers,
                Register.SCORES,
                long_at(control, Control.SCORES) + (position + before) * long_at(control, Control.SCORES_STRIDE),
            )
            for n in range(rows):
                run_row(control, first + n, registers)
    put_long(registers, Register.ACTIVATIONS, values)


@kernel
def drive(control, worker):
    """One worker's part of `STEPS` steps."""
    threads, steps = long_at(control, Control.THREADS), long_at(control, Control.STEPS)
    batch, in_all = long_at(control, Control.BATCH), long_at(control, Control.PICTURES_IN_ALL)
    phases = long_at(control, Control.PHASES)
    registers = long_at(control, Control.WORKERS) + worker * long_at(control, Control.WORKERS_STRIDE)
    put_long(registers, Register.PARAMETERS, long_at(control, Control.PARAMETERS))
    put_long(registers, Register.SHARED, long_at(control, Control.SHARED))
    put_long(registers, Register.STATE, long_at(control, Control.STATE))
    put_long(
        registers,
        Register.SCRATCH,
        long_at(control, Control.SCRATCH) + worker * long_at(control, Control.SCRATCH_STRIDE),
    )
    put_long(registers, Register.PICTURES, long_at(control, Control.PICTURES))
    put_long(registers, Register.TARGETS, long_at(control, Control.TARGETS))
    put_long(registers, Register.CONTROL, control)
    put_long(
        registers,
        Register.ACTIVATIONS,
        long_at(control, Control.ACTIVATIONS) + worker * long_at(control, Control.ACTIVATIONS_WORKER),
    )
    resolve(control, registers, 0, long_at(control, Control.LASTING))
    arrivals = 0
    for step in range(steps):
        position = step * batch
        count = min(batch, in_all - position)
        groups = (count + LANES - 1) // LANES
        put_long(registers, Register.RATE, long_at(control, Control.RATES) + 4 * step)
        put_long(registers, Register.STEP, long_at(control, Control.FIRST_STEP) + step)
        put_long(registers, Register.COUNT, count)
        put_long(registers, Register.GROUPS, groups)
        put_long(registers, Register.SLOTS, min(long_at(control, Control.SLOTS), groups))
        back = False
        for phase in range(
            0 if step == 0 else long_at(control, Control.FIRST_ONLY), long_at(control, Control.PHASE_COUNT)
        ):
            kind = long_at(phases, 3 * phase)
            first, rows = long_at(phases, 3 * phase + 1), long_at(phases, 3 * phase + 2)
            if kind == Phase.GROUPS:
                run_groups(control, registers, worker, first, rows, position, groups, count, back)
                # what was used last may still be in the cache
                back = not back
            elif kind == Phase.ROWS or worker == 0:
                put_long(registers, Register.GRADIENTS, long_at(control, Control.GRADIENTS))
                for n in range(worker, rows, threads if kind == Phase.ROWS else 1):
                    run_row(control, first + n, registers)
            if worker == 0 and phase == long_at(control, Control.PHASE_COUNT) - 1:
                if peek(control, Control.STOP) != 0:
                    poke(control, Control.HALT, step + 1)
                poke(control, Control.DONE, step + 1)
            arrivals = meet(control, arrivals)
        if peek(control, Control.HALT) == step + 1:
            break
