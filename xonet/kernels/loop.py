"""The native loop: walks the rows of a program, step by step, on as many threads as there are workers.

The groups of a batch are dealt to a fixed number of slots, slot s taking groups s, s + slots, ...; a slot's gradient
is added up in the order of its groups, whichever worker does it. So results do not depend on the number of workers.
"""

from __future__ import annotations

from xonet.kernels import LANES, add_and_get, breathe, call, helper, kernel, long_at, peek, poke, put_long
from xonet.kernels.registers import ARGUMENTS, REGISTERS, Control, Phase, Register

# the compiler takes plain integers as constants, not members of an enumeration
(STOP, HALT, DONE, BARRIER) = map(int, (Control.STOP, Control.HALT, Control.DONE, Control.BARRIER))
(C_THREADS, C_STEPS, C_FIRST_STEP, C_IN_ALL, C_BATCH, C_SLOTS) = map(
    int,
    (Control.THREADS, Control.STEPS, Control.FIRST_STEP, Control.PICTURES_IN_ALL, Control.BATCH, Control.SLOTS),
)
(C_PHASES, C_PHASE_COUNT, C_ROWS, C_WORKERS) = map(
    int, (Control.PHASES, Control.PHASE_COUNT, Control.ROWS, Control.WORKERS)
)
(C_ACTIVATIONS, C_ACTIVATIONS_STRIDE, C_ACTIVATIONS_WORKER) = map(
    int, (Control.ACTIVATIONS, Control.ACTIVATIONS_STRIDE, Control.ACTIVATIONS_WORKER)
)
(C_PARAMETERS, C_GRADIENTS, C_GRADIENTS_STRIDE, C_SHARED, C_STATE, C_SCRATCH, C_SCRATCH_STRIDE) = map(
    int,
    (
        Control.PARAMETERS,
        Control.GRADIENTS,
        Control.GRADIENTS_STRIDE,
        Control.SHARED,
        Control.STATE,
        Control.SCRATCH,
        Control.SCRATCH_STRIDE,
    ),
)
(C_PICTURES, C_TARGETS, C_INDICES, C_SCORES, C_SCORES_STRIDE, C_RATES) = map(
    int,
    (
        Control.PICTURES,
        Control.TARGETS,
        Control.INDICES,
        Control.SCORES,
        Control.SCORES_STRIDE,
        Control.RATES,
    ),
)
(ACTIVATIONS, PARAMETERS, GRADIENTS, SHARED, STATE, SCRATCH, PICTURES, TARGETS, INDICES, SCORES, RATE, CONTROL) = map(
    int,
    (
        Register.ACTIVATIONS,
        Register.PARAMETERS,
        Register.GRADIENTS,
        Register.SHARED,
        Register.STATE,
        Register.SCRATCH,
        Register.PICTURES,
        Register.TARGETS,
        Register.INDICES,
        Register.SCORES,
        Register.RATE,
        Register.CONTROL,
    ),
)
(GROUP, GROUPS, LANES_, COUNT, STEP, SLOTS) = map(
    int, (Register.GROUP, Register.GROUPS, Register.LANES, Register.COUNT, Register.STEP, Register.SLOTS)
)
ALL_GROUPS = int(Phase.GROUPS)
PATIENCE = 4000


@helper
def meet(control, arrivals):
    """Wait until every worker has come as often as this one; gives how often that is."""
    threads = long_at(control, C_THREADS)
    arrivals += 1
    if threads > 1:
        counter = control + 8 * BARRIER
        add_and_get(counter, 1)
        patience = PATIENCE
        while peek(counter) < threads * arrivals:
            breathe(patience)
            patience -= 1
    return arrivals


@helper
def run_row(row, registers):
    """Work out a row's arguments and call its kernel."""
    frame = registers + 8 * REGISTERS
    for n in range(long_at(row, 1)):
        put_long(frame, n, long_at(registers, long_at(row, 2 + 2 * n)) + long_at(row, 3 + 2 * n))
    call(long_at(row, 0), frame)


@helper
def run_groups(control, registers, worker, first, rows, position, groups, count):
    """One phase's rows for the groups of this worker's slots."""
    slots, threads = long_at(control, C_SLOTS), long_at(control, C_THREADS)
    row_bytes = 8 * (2 + 2 * ARGUMENTS)
    table = long_at(control, C_ROWS) + first * row_bytes
    for slot in range(worker, min(slots, groups), threads):
        put_long(registers, GRADIENTS, long_at(control, C_GRADIENTS) + slot * long_at(control, C_GRADIENTS_STRIDE))
        for group in range(slot, groups, slots):
            before = group * LANES
            put_long(
                registers,
                ACTIVATIONS,
                long_at(control, C_ACTIVATIONS)
                + group * long_at(control, C_ACTIVATIONS_STRIDE)
                + worker * long_at(control, C_ACTIVATIONS_WORKER),
            )
            put_long(registers, GROUP, group)
            put_long(registers, LANES_, min(LANES, count - before))
            put_long(registers, INDICES, long_at(control, C_INDICES) + 8 * (position + before))
            put_long(
                registers,
                SCORES,
                long_at(control, C_SCORES) + (position + before) * long_at(control, C_SCORES_STRIDE),
            )
            for n in range(rows):
                run_row(table + n * row_bytes, registers)


@kernel
def drive(control, worker):
    """One worker's part of `STEPS` steps."""
    threads, steps = long_at(control, C_THREADS), long_at(control, C_STEPS)
    batch, in_all = long_at(control, C_BATCH), long_at(control, C_IN_ALL)
    phases, row_bytes = long_at(control, C_PHASES), 8 * (2 + 2 * ARGUMENTS)
    registers = long_at(control, C_WORKERS) + worker * 8 * (REGISTERS + ARGUMENTS)
    put_long(registers, PARAMETERS, long_at(control, C_PARAMETERS))
    put_long(registers, GRADIENTS, long_at(control, C_GRADIENTS))
    put_long(registers, SHARED, long_at(control, C_SHARED))
    put_long(registers, STATE, long_at(control, C_STATE))
    put_long(registers, SCRATCH, long_at(control, C_SCRATCH) + worker * long_at(control, C_SCRATCH_STRIDE))
    put_long(registers, PICTURES, long_at(control, C_PICTURES))
    put_long(registers, TARGETS, long_at(control, C_TARGETS))
    put_long(registers, CONTROL, control)
    arrivals = 0
    for step in range(steps):
        position = step * batch
        count = min(batch, in_all - position)
        groups = (count + LANES - 1) // LANES
        put_long(registers, RATE, long_at(control, C_RATES) + 4 * step)
        put_long(registers, STEP, long_at(control, C_FIRST_STEP) + step)
        put_long(registers, COUNT, count)
        put_long(registers, GROUPS, groups)
        put_long(registers, SLOTS, min(long_at(control, C_SLOTS), groups))
        for phase in range(long_at(control, C_PHASE_COUNT)):
            kind = long_at(phases, 3 * phase)
            first, rows = long_at(phases, 3 * phase + 1), long_at(phases, 3 * phase + 2)
            if kind == ALL_GROUPS:
                run_groups(control, registers, worker, first, rows, position, groups, count)
            else:
                for n in range(worker, rows, threads):
                    run_row(long_at(control, C_ROWS) + (first + n) * row_bytes, registers)
            if worker == 0 and phase == long_at(control, C_PHASE_COUNT) - 1:
                poke(control + 8 * HALT, peek(control + 8 * STOP))
                poke(control + 8 * DONE, step + 1)
            arrivals = meet(control, arrivals)
        if peek(control + 8 * HALT) != 0:
            break
