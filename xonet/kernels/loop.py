"""The native loop: walks the rows of a program, step by step, on as many threads as there are workers.

The groups of a batch are dealt to a fixed number of slots, slot s taking groups s, s + slots, ...; a slot's gradient
is added up in the order in which it takes its groups, whichever worker does it. So results do not depend on the number
of workers. Nobody waits for a worker that has not come: others take its parts.
"""

from __future__ import annotations

from xonet.kernels import LANES, add_and_get, call, helper, kernel, long_at, peek, put_long
from xonet.kernels.assistants import dismiss, neighbouring, next_part, summon
from xonet.kernels.registers import REGISTERS, Control, Phase, Register
from xonet.kernels.tables import LOOP_ARGUMENT, LOOP_PART, LOOP_PHASE, LOOP_ROW, LOOP_STAGE


@helper
def resolve(control, registers, first, end):
    """Work out arguments of rows, and write them to the worker's frames: (place there, register, offset)."""
    frames, arguments = registers + 8 * REGISTERS, long_at(control, Control.ARGUMENTS)
    for n in range(first, end):
        own = LOOP_ARGUMENT.SIZE * n
        value = long_at(registers, long_at(arguments, own + LOOP_ARGUMENT.REGISTER))
        value += long_at(arguments, own + LOOP_ARGUMENT.OFFSET)
        put_long(frames, long_at(arguments, own + LOOP_ARGUMENT.PLACE), value)


@helper
def run_row(control, number, registers):
    """Work out those of a row's arguments that may have changed, and call its kernel."""
    row = long_at(control, Control.ROWS) + 8 * LOOP_ROW.SIZE * number
    resolve(control, registers, long_at(row, LOOP_ROW.FIRST), long_at(row, LOOP_ROW.END))
    call(long_at(row, LOOP_ROW.KERNEL), registers + 8 * (REGISTERS + long_at(row, LOOP_ROW.FRAME)))


@helper
def enter(control, registers, slot, group, values):
    """Let a worker's registers speak of a group of a slot, whose values lie at `values`."""
    before = group * LANES
    position = long_at(registers, Register.POSITION) + before
    put_long(
        registers,
        Register.GRADIENTS,
        long_at(control, Control.GRADIENTS) + slot * long_at(control, Control.GRADIENTS_STRIDE),
    )
    put_long(registers, Register.ACTIVATIONS, values)
    put_long(registers, Register.GROUP, group)
    put_long(registers, Register.LANES, min(LANES, long_at(registers, Register.COUNT) - before))
    put_long(registers, Register.INDICES, long_at(control, Control.INDICES) + 8 * position)
    put_long(
        registers,
        Register.SCORES,
        long_at(control, Control.SCORES) + position * long_at(control, Control.SCORES_STRIDE),
    )


@helper
def run_slot(control, registers, slot, first, rows, back):
    """One phase's rows for the groups of one slot; `back`: the last group first."""
    values = long_at(registers, Register.ACTIVATIONS)
    slots, groups = long_at(control, Control.SLOTS), long_at(registers, Register.GROUPS)
    own = (groups - slot + slots - 1) // slots
    for turn in range(own):
        group = slot + slots * (own - 1 - turn if back else turn)
        place = values + group * long_at(control, Control.ACTIVATIONS_STRIDE)
        enter(control, registers, slot, group, place)
        for n in range(rows):
            run_row(control, first + n, registers)
    put_long(registers, Register.ACTIVATIONS, values)


@helper
def turned(part, parts, threads):
    """The part that a queue would give out in place of this one, if it began with its last."""
    queue = part % threads
    return queue + (parts - 1 - queue) // threads * threads - (part - queue)


@helper
def run_stages(control, registers, worker, first, stages, back, dealt, before):
    """One phase's rows for all groups, where workers share each; gives the new `dealt` and `before`.

    Slots have one group each at a time, in the order of `run_slot`.
    """
    tickets, table = long_at(control, Control.TICKETS), long_at(control, Control.STAGES)
    done, threads = control + 8 * Control.DONE, long_at(control, Control.THREADS)
    slots, groups = long_at(registers, Register.SLOTS), long_at(registers, Register.GROUPS)
    for turn in range((groups + slots - 1) // slots):
        some = min(slots, groups - turn * slots)
        for stage in range(first, first + stages):
            own = LOOP_STAGE.SIZE * stage
            begin, parts = long_at(table, own + LOOP_STAGE.FIRST), long_at(table, own + LOOP_STAGE.PARTS)
            part, looks = next_part(done, before, some * parts, tickets, dealt, worker, threads, 0)
            while part >= 0:
                chosen = neighbouring(part, some * parts, threads)
                slot = chosen // parts
                own = (groups - slot + slots - 1) // slots
                group = slot + slots * (own - 1 - turn if back else turn)
                values = long_at(control, Control.ACTIVATIONS) + slot * long_at(control, Control.ACTIVATIONS_WORKER)
                values += group * long_at(control, Control.ACTIVATIONS_STRIDE)
                enter(control, registers, slot, group, values)
                rows = long_at(control, Control.PARTS) + 8 * LOOP_PART.SIZE * (begin + chosen % parts)
                for n in range(long_at(rows, LOOP_PART.ROWS)):
                    run_row(control, long_at(rows, LOOP_PART.FIRST) + n, registers)
                add_and_get(control, Control.DONE, 1)
                part, looks = next_part(done, before, some * parts, tickets, dealt, worker, threads, looks)
            dealt, before = dealt + (some * parts + threads - 1) // threads, before + some * parts
    return dealt, before


@helper
def run_rows(control, registers, first, rows):
    """Rows that are run once; where each group has values of its own, from the first group's on."""
    if long_at(control, Control.ACTIVATIONS_STRIDE) != 0:
        put_long(registers, Register.ACTIVATIONS, long_at(control, Control.ACTIVATIONS))
    put_long(registers, Register.GRADIENTS, long_at(control, Control.GRADIENTS))
    for n in range(rows):
        run_row(control, first + n, registers)


@helper
def work(control, worker):
    """One worker's part in the steps from `BEGIN` to `END`."""
    threads, tickets = long_at(control, Control.THREADS), long_at(control, Control.TICKETS)
    done = control + 8 * Control.DONE
    batch, in_all = long_at(control, Control.BATCH), long_at(control, Control.PICTURES_IN_ALL)
    phases, first_only = long_at(control, Control.PHASES), long_at(control, Control.FIRST_ONLY)
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
    put_long(registers, Register.GROUP_STRIDE, long_at(control, Control.ACTIVATIONS_STRIDE))
    shared = long_at(control, Control.STAGES) != 0
    place = 0 if shared else worker * long_at(control, Control.ACTIVATIONS_WORKER)
    put_long(registers, Register.ACTIVATIONS, long_at(control, Control.ACTIVATIONS) + place)
    resolve(control, registers, 0, long_at(control, Control.LASTING))
    # the tickets of a queue, and the parts in all, that belong to phases before
    dealt, before = 0, 0
    for step in range(long_at(control, Control.BEGIN), long_at(control, Control.END)):
        if peek(control, Control.STOP) != 0:
            break
        position = step * batch
        count = min(batch, in_all - position)
        groups = (count + LANES - 1) // LANES
        slots = min(long_at(control, Control.SLOTS), groups)
        put_long(registers, Register.RATE, long_at(control, Control.RATES) + 4 * step)
        put_long(registers, Register.STEP, long_at(control, Control.FIRST_STEP) + step)
        put_long(registers, Register.UPDATE, long_at(control, Control.FIRST_UPDATE) + step)
        put_long(registers, Register.COUNT, count)
        put_long(registers, Register.POSITION, position)
        put_long(registers, Register.GROUPS, groups)
        put_long(registers, Register.SLOTS, slots)
        back = False
        for phase in range(0 if step == 0 else first_only, long_at(control, Control.PHASE_COUNT)):
            own = LOOP_PHASE.SIZE * phase
            kind = long_at(phases, own + LOOP_PHASE.KIND)
            first, rows = long_at(phases, own + LOOP_PHASE.FIRST), long_at(phases, own + LOOP_PHASE.LENGTH)
            if kind == Phase.GROUPS and shared:
                dealt, before = run_stages(control, registers, worker, first, rows, back, dealt, before)
                back = not back
                continue
            parts = slots if kind == Phase.GROUPS else rows if kind == Phase.ROWS else 1
            part, looks = next_part(done, before, parts, tickets, dealt, worker, threads, 0)
            while part >= 0:
                if kind == Phase.GROUPS:
                    slot = turned(part, parts, threads) if back else part
                    run_slot(control, registers, slot, first, rows, back)
                elif kind == Phase.ROWS:
                    run_rows(control, registers, first + neighbouring(part, parts, threads), 1)
                else:
                    run_rows(control, registers, first, rows)
                add_and_get(control, Control.DONE, 1)
                part, looks = next_part(done, before, parts, tickets, dealt, worker, threads, looks)
            dealt, before = dealt + (parts + threads - 1) // threads, before + parts
            if kind == Phase.GROUPS:
                # what was used last may still be in the cache
                back = not back


@kernel
def assist(control, worker):
    """What an assistant does."""
    work(control, worker)


@kernel
def conduct(control):
    """All workers' part: that of the first one, and of assistants for the others, as many as are free."""
    offers = long_at(control, Control.OFFERS)
    wanted = long_at(control, Control.THREADS) - 1
    made = summon(long_at(control, Control.ASSISTANTS), long_at(control, Control.ASSISTANT_COUNT), offers, wanted)
    work(control, 0)
    dismiss(offers, made)
