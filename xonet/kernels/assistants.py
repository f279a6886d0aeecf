"""Assistants are threads that help: they wait until somebody with work calls, and sleep when nobody has for a while.

A call is a request: the caller begins at once, and takes the request back when the work is over and the helper has not
come. So work must be such that it does not matter who does which part of it, and which assistants come at all.
"""

from __future__ import annotations

from enum import IntEnum

from xonet.kernels import (
    acquire_lock,
    atomic_load,
    atomic_store,
    call,
    compare_exchange,
    helper,
    kernel,
    load_i64,
    processor,
    release_lock,
    spin_pause,
    store_i64,
)

SPINS_BEFORE_YIELD = 1000
"""How often a waiting thread looks before it lets others run between two looks."""
STEAL_AFTER = 64
"""How often a worker looks for the others before it does their work."""
SPINS_BEFORE_SLEEP = 5000
"""How often an assistant looks for a call before it goes to sleep: for some milliseconds. One that has to be woken is
late for a short call, and often comes to the caller's own core."""


class State(IntEnum):
    """What an assistant does; any other number is the address of the request that it was called with."""

    NONE = 0
    """There is none."""
    AWAKE = 1
    ASLEEP = 2
    BUSY = 3


class Mailbox(IntEnum):
    """Places in an assistant's mailbox, int64, which it shares with callers."""

    STATE = 0
    WAKE = 1
    """A lock, held: to give it back wakes the assistant."""
    PROCESSOR = 2
    """The only one that it runs on, or -1."""
    SIZE = 8


class Request(IntEnum):
    """Places in a request, int64: first a kernel's arguments."""

    CONTROL = 0
    WORKER = 1
    """The assistant's number among all who work, from 1 on."""
    KERNEL = 2
    """Its address."""
    MAILBOX = 3
    """Address of the assistant's mailbox."""
    DONE = 4
    """Whether the assistant is done."""
    SIZE = 8


@kernel
def serve(mailbox):
    """An assistant's life; it begins asleep."""
    waited = SPINS_BEFORE_SLEEP + 1
    while True:
        request = atomic_load(mailbox, Mailbox.STATE)
        if request > State.BUSY and compare_exchange(mailbox, Mailbox.STATE, request, State.BUSY) != 0:
            call(load_i64(request, Request.KERNEL), request)
            atomic_store(request, Request.DONE, 1)
            atomic_store(mailbox, Mailbox.STATE, State.AWAKE)
            waited = 0
        elif request == State.NONE:
            break
        elif waited > SPINS_BEFORE_SLEEP and compare_exchange(mailbox, Mailbox.STATE, State.AWAKE, State.ASLEEP) != 0:
            acquire_lock(load_i64(mailbox, Mailbox.WAKE))
            waited = 0
        spin_pause(SPINS_BEFORE_YIELD - waited)
        waited += 1


@helper
def submit(mailboxes, count, requests, wanted):
    """Make as many requests as there are free assistants among `count`, `wanted` at most; gives how many.

    Where each runs on a processor of its own, the one on the caller's is left alone.
    """
    made, here = 0, processor()
    for n in range(count):
        mailbox = mailboxes + 8 * Mailbox.SIZE * n
        state = atomic_load(mailbox, Mailbox.STATE)
        free = (state == State.AWAKE or state == State.ASLEEP) and load_i64(mailbox, Mailbox.PROCESSOR) != here
        if made < wanted and free:
            request = requests + 8 * Request.SIZE * made
            store_i64(request, Request.MAILBOX, mailbox)
            store_i64(request, Request.DONE, 0)
            if compare_exchange(mailbox, Mailbox.STATE, state, request) != 0:
                made += 1
                if state == State.ASLEEP:
                    release_lock(load_i64(mailbox, Mailbox.WAKE))
    return made


@helper
def join(requests, made):
    """Take requests back from assistants that have not come, and wait until the others are done."""
    for n in range(made):
        request = requests + 8 * Request.SIZE * n
        if compare_exchange(load_i64(request, Request.MAILBOX), Mailbox.STATE, request, State.AWAKE) == 0:
            wait(request, Request.DONE, 1)


@helper
def wait(address, index, least):
    """Until a number that threads share is large enough; the thread that is waited for may need this one's core."""
    spins = SPINS_BEFORE_YIELD
    while atomic_load(address, index) < least:
        spin_pause(spins)
        spins -= 1


@helper
def take(address, index, begin, end):
    """The next number from `begin` to below `end`, which nobody else gets; -1 where none is left."""
    free = atomic_load(address, index)
    while free < end:
        number = max(free, begin)
        if compare_exchange(address, index, free, number + 1) != 0:
            return number
        free = atomic_load(address, index)
    return -1


@helper
def next_part(done, before, parts, tickets, dealt, worker, workers, looks):
    """The next part that a worker is to do of work in `parts`, and how often it has looked; -1 when all are done.

    Each worker has a queue of parts, of which `tickets` counts those given out. When that is empty it waits for the
    others, and at last takes what is in theirs. `done`: where parts that are done are counted. `before` and `dealt`:
    parts in all, and of each queue, of work before.
    """
    end = dealt + (parts + workers - 1) // workers
    while atomic_load(done, 0) < before + parts:
        if looks % STEAL_AFTER == 0:
            queue = (worker + looks // STEAL_AFTER) % workers
            part = take(tickets, 8 * queue, dealt, end)
            if part >= 0:
                part = queue + (part - dealt) * workers
                if part < parts:
                    return part, looks
                continue
        looks += 1
        spin_pause(SPINS_BEFORE_YIELD - looks)
    return -1, looks


@helper
def neighbouring(part, parts, workers):
    """The part that a queue gives out in place of this one, so that each has parts that lie beside each other.

    What a worker wrote in one stage, it then mostly finds in its own cache in the next.
    """
    queue = part % workers
    return queue * (parts // workers) + min(queue, parts % workers) + part // workers
