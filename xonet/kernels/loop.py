"""The native loop: walks the rows of a program, step by step, on as many threads as there are workers.

The groups of a batch are dealt to a fixed number of slots, slot s taking groups s, s + slots, ...; a slot's gradient
is added up in the order in which it takes its groups, whichever worker does it. So results do not depend on the number
of workers. Nobody waits for a worker that has not come: others take its parts.
"""

from __future__ import annotations

from xonet.kernels import LANES, atomic_add, atomic_load, call, helper, kernel, load_i64, store_i64
from xonet.kernels.assistants import join, neighbouring, next_part, submit
from xonet.kernels.registers import REGISTERS, Control, Phase, Register
from xonet.kernels.tables import LOOP_ARGUMENT, LOOP_PART, LOOP_PHASE, LOOP_ROW, LOOP_STAGE


@helper
def resolve(control, registers, first, end):
    """Work out arguments of rows, and write them to the worker's frames: (place there, register, offset)."""
    frames, arguments = registers + 8 * REGISTERS, load_i64(control, Control.ARGUMENTS)
    for n in range(first, end):
        own = LOOP_ARGUMENT.SIZE * n
        value = load_i64(registers, load_i64(arguments, own + LOOP_ARGUMENT.REGISTER))
        value += load_i64(arguments, own + LOOP_ARGUMENT.OFFSET)
        store_i64(frames, load_i64(arguments, own + LOOP_ARGUMENT.PLACE), value)


@helper
def run_row(control, number, registers):
    """Work out those of a row's arguments that may have changed, and call its kernel."""
    row = load_i64(control, Control.ROWS) + 8 * LOOP_ROW.SIZE * number
    resolve(control, registers, load_i64(row, LOOP_ROW.FIRST), load_i64(row, LOOP_ROW.END))
    call(load_i64(row, LOOP_ROW.KERNEL), registers + 8 * (REGISTERS + load_i64(row, LOOP_ROW.FRAME)))


@helper
def enter(control, registers, slot, group, values):
    """Let a worker's registers speak of a group of a slot, whose values lie at `values`."""
    before = group * LANES
    position = load_i64(registers, Register.POSITION) + before
    store_i64(
        registers,
        Register.GRADIENTS,
        load_i64(control, Control.GRADIENTS) + slot * load_i64(control, Control.GRADIENTS_STRIDE),
    )
    store_i64(registers, Register.ACTIVATIONS, values)
    store_i64(registers, Register.GROUP, group)
    store_i64(registers, Register.LANES, min(LANES, load_i64(registers, Register.COUNT) - before))
    store_i64(registers, Register.INDICES, load_i64(control, Control.INDICES) + 8 * position)
    store_i64(registers, Register.WEIGHTS, load_i64(control, Control.WEIGHTS) + 4 * position)
    store_i64(
        registers,
        Register.SCORES,
        load_i64(control, Control.SCORES) + position * load_i64(control, Control.SCORES_STRIDE),
    )


@helper
def run_slot(control, registers, slot, first, rows, back):
    """One phase's rows for the groups of one slot; `back`: the last group first."""
    values = load_i64(registers, Register.ACTIVATIONS)
    slots, groups = load_i64(control, Control.SLOTS), load_i64(registers, Register.GROUPS)
    own = (groups - slot + slots - 1) // slots
    for turn in range(own):
        group = slot + slots * (own - 1 - turn if back else turn)
        place = values + group * load_i64(control, Control.ACTIVATIONS_STRIDE)
        enter(control, registers, slot, group, place)
        for n in range(rows):
            run_row(control, first + n, registers)
    store_i64(registers, Register.ACTIVATIONS, values)


@helper
def reversed_part(part, parts, threads):
    """The part that a queue would give out in place of this one, if it began with its last."""
    queue = part % threads
    return queue + (parts - 1 - queue) // threads * threads - (part - queue)


@helper
def run_stages(control, registers, worker, first, stages, back, dealt, before):
    """One phase's rows for all groups, where workers share each; gives the new `dealt` and `before`.

    Slots have one group each at a time, in the order of `run_slot`.
    """
    tickets, table = load_i64(control, Control.TICKETS), load_i64(control, Control.STAGES)
    done, threads = control + 8 * Control.DONE, load_i64(control, Control.THREADS)
    slots, groups = load_i64(registers, Register.SLOTS), load_i64(registers, Register.GROUPS)
    for turn in range((groups + slots - 1) // slots):
        some = min(slots, groups - turn * slots)
        for stage in range(first, first + stages):
            own = LOOP_STAGE.SIZE * stage
            begin, parts = load_i64(table, own + LOOP_STAGE.FIRST), load_i64(table, own + LOOP_STAGE.PARTS)
            part, looks = next_part(done, before, some * parts, tickets, dealt, worker, threads, 0)
            while part >= 0:
                chosen = neighbouring(part, some * parts, threads)
                slot = chosen // parts
                own = (groups - slot + slots - 1) // slots
                group = slot + slots * (own - 1 - turn if back else turn)
                values = load_i64(control, Control.ACTIVATIONS) + slot * load_i64(control, Control.ACTIVATIONS_WORKER)
                values += group * load_i64(control, Control.ACTIVATIONS_STRIDE)
                enter(control, registers, slot, group, values)
                rows = load_i64(control, Control.PARTS) + 8 * LOOP_PART.SIZE * (begin + chosen % parts)
                for n in range(load_i64(rows, LOOP_PART.ROWS)):
                    run_row(control, load_i64(rows, LOOP_PART.FIRST) + n, registers)
                atomic_add(control, Control.DONE, 1)
                part, looks = next_part(done, before, some * parts, tickets, dealt, worker, threads, looks)
            dealt, before = dealt + (some * parts + threads - 1) // threads, before + some * parts
    return dealt, before


@helper
def run_rows(control, registers, first, rows):
    """Rows that are run once; where each group has values of its own, from the first group's on."""
    if load_i64(control, Control.ACTIVATIONS_STRIDE) != 0:
        store_i64(registers, Register.ACTIVATIONS, load_i64(control, Control.ACTIVATIONS))
    store_i64(registers, Register.GRADIENTS, load_i64(control, Control.GRADIENTS))
    for n in range(rows):
        run_row(control, first + n, registers)


@helper
def work(control, worker):
    """One worker's part in the steps from `BEGIN` to `END`."""
    threads, tickets = load_i64(control, Control.THREADS), load_i64(control, Control.TICKETS)
    done = control + 8 * Control.DONE
    batch, in_all = load_i64(control, Control.BATCH), load_i64(control, Control.PICTURES_IN_ALL)
    phases, first_only = load_i64(control, Control.PHASES), load_i64(control, Control.FIRST_ONLY)
    registers = load_i64(control, Control.WORKERS) + worker * load_i64(control, Control.WORKERS_STRIDE)
    store_i64(registers, Register.PARAMETERS, load_i64(control, Control.PARAMETERS))
    store_i64(registers, Register.SHARED, load_i64(control, Control.SHARED))
    store_i64(registers, Register.STATE, load_i64(control, Control.STATE))
    store_i64(
        registers,
        Register.SCRATCH,
        load_i64(control, Control.SCRATCH) + worker * load_i64(control, Control.SCRATCH_STRIDE),
    )
    store_i64(registers, Register.PICTURES, load_i64(control, Control.PICTURES))
    store_i64(registers, Register.TARGETS, load_i64(control, Control.TARGETS))
    store_i64(registers, Register.CONTROL, control)
    store_i64(registers, Register.GROUP_STRIDE, load_i64(control, Control.ACTIVATIONS_STRIDE))
    shared = load_i64(control, Control.STAGES) != 0
    place = 0 if shared else worker * load_i64(control, Control.ACTIVATIONS_WORKER)
    store_i64(registers, Register.ACTIVATIONS, load_i64(control, Control.ACTIVATIONS) + place)
    resolve(control, registers, 0, load_i64(control, Control.LASTING))
    round_steps, updates_from = load_i64(control, Control.STEPS_OF_UPDATE), load_i64(control, Control.UPDATES_FROM)
    # the tickets of a queue, and the parts in all, that belong to phases before
    dealt, before = 0, 0
    for step in range(load_i64(control, Control.BEGIN), load_i64(control, Control.END)):
        if atomic_load(control, Control.STOP) != 0:
            break
        position = step * batch
        count = min(batch, in_all - position)
        groups = (count + LANES - 1) // LANES
        slots = min(load_i64(control, Control.SLOTS), groups)
        store_i64(registers, Register.RATE, load_i64(control, Control.RATES) + 4 * step)
        store_i64(registers, Register.STEP, load_i64(control, Control.FIRST_STEP) + step)
        store_i64(registers, Register.UPDATE, load_i64(control, Control.FIRST_UPDATE) + step // round_steps)
        store_i64(registers, Register.BATCH_OF_ROUND, step % round_steps + 1)
        store_i64(registers, Register.COUNT, count)
        store_i64(registers, Register.POSITION, position)
        store_i64(registers, Register.GROUPS, groups)
        store_i64(registers, Register.SLOTS, slots)
        back = False
        changes = (step + 1) % round_steps == 0 or position + batch >= in_all
        phase_count = load_i64(control, Control.PHASE_COUNT) if changes else updates_from
        for phase in range(0 if step == 0 else first_only, phase_count):
            own = LOOP_PHASE.SIZE * phase
            kind = load_i64(phases, own + LOOP_PHASE.KIND)
            first, rows = load_i64(phases, own + LOOP_PHASE.FIRST), load_i64(phases, own + LOOP_PHASE.LENGTH)
            if kind == Phase.GROUPS and shared:
                dealt, before = run_stages(control, registers, worker, first, rows, back, dealt, before)
                back = not back
                continue
            parts = slots if kind == Phase.GROUPS else rows if kind == Phase.ROWS else 1
            part, looks = next_part(done, before, parts, tickets, dealt, worker, threads, 0)
            while part >= 0:
                if kind == Phase.GROUPS:
                    slot = reversed_part(part, parts, threads) if back else part
                    run_slot(control, registers, slot, first, rows, back)
                elif kind == Phase.ROWS:
                    run_rows(control, registers, first + neighbouring(part, parts, threads), 1)
                else:
                    run_rows(control, registers, first, rows)
                atomic_add(control, Control.DONE, 1)
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
def fork_join(control):
    """All workers' part: that of the first one, and of assistants for the others, as many as are free."""
    requests = load_i64(control, Control.REQUESTS)
    wanted = load_i64(control, Control.THREADS) - 1
    made = submit(load_i64(control, Control.ASSISTANTS), load_i64(control, Control.ASSISTANT_COUNT), requests, wanted)
    work(control, 0)
    join(requests, made)
