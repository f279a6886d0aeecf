"""Assistants are threads that help: they wait until somebody with work calls, and sleep when nobody has for a while.

A call is an offer: the caller begins at once, and takes the offer back when the work is over and the helper has not
come. So work must be such that it does not matter who does which part of it, and which assistants come at all.
"""

from __future__ import annotations

from enum import IntEnum

from xonet.kernels import (
    acquire_lock,
    breathe,
    call,
    helper,
    kernel,
    long_at,
    peek,
    poke,
    processor,
    put_long,
    release_lock,
    swap_if,
)

PATIENCE = 1000
"""How often a waiting thread looks before it lets others run between two looks."""
HURRY = 64
"""How often a worker looks for the others before it does their work."""
LINGER = 5000
"""How often an assistant looks for a call before it goes to sleep: for some milliseconds. One that has to be woken is
late for a short call, and often comes to the caller's own core."""


class State(IntEnum):
    """What an assistant does; any other number is the address of the offer that it was called with."""

    NONE = 0
    """There is none."""
    AWAKE = 1
    ASLEEP = 2
    BUSY = 3


class Line(IntEnum):
    """Places in an assistant's numbers, int64, which it shares with callers."""

    STATE = 0
    BELL = 1
    """A lock, held: to give it back wakes the assistant."""
    PROCESSOR = 2
    """The only one that it runs on, or -1."""
    SIZE = 8


class Offer(IntEnum):
    """Places in an offer, int64: first a kernel's arguments."""

    CONTROL = 0
    WORKER = 1
    """The assistant's number among all who work, from 1 on."""
    KERNEL = 2
    """Its address."""
    LINE = 3
    """The assistant's numbers."""
    OVER = 4
    """Whether the assistant is done."""
    SIZE = 8


@kernel
def serve(line):
    """An assistant's life; it begins asleep."""
    waited = LINGER + 1
    while True:
        offer = peek(line, Line.STATE)
        if offer > State.BUSY and swap_if(line, Line.STATE, offer, State.BUSY) != 0:
            call(long_at(offer, Offer.KERNEL), offer)
            poke(offer, Offer.OVER, 1)
            poke(line, Line.STATE, State.AWAKE)
            waited = 0
        elif offer == State.NONE:
            break
        elif waited > LINGER and swap_if(line, Line.STATE, State.AWAKE, State.ASLEEP) != 0:
            acquire_lock(long_at(line, Line.BELL))
            waited = 0
        breathe(PATIENCE - waited)
        waited += 1


@helper
def summon(lines, count, offers, wanted):
    """Make as many offers as there are free assistants among `count`, `wanted` at most; gives how many.

    Where each runs on a processor of its own, the one on the caller's is left alone.
    """
    made, here = 0, processor()
    for n in range(count):
        line = lines + 8 * Line.SIZE * n
        state = peek(line, Line.STATE)
        free = (state == State.AWAKE or state == State.ASLEEP) and long_at(line, Line.PROCESSOR) != here
        if made < wanted and free:
            offer = offers + 8 * Offer.SIZE * made
            put_long(offer, Offer.LINE, line)
            put_long(offer, Offer.OVER, 0)
            if swap_if(line, Line.STATE, state, offer) != 0:
                made += 1
                if state == State.ASLEEP:
                    release_lock(long_at(line, Line.BELL))
    return made


@helper
def dismiss(offers, made):
    """Take offers back from assistants that have not come, and wait until the others are done."""
    for n in range(made):
        offer = offers + 8 * Offer.SIZE * n
        if swap_if(long_at(offer, Offer.LINE), Line.STATE, offer, State.AWAKE) == 0:
            wait(offer, Offer.OVER, 1)


@helper
def wait(address, index, least):
    """Until a number that threads share is large enough; the thread that is waited for may need this one's core."""
    patience = PATIENCE
    while peek(address, index) < least:
        breathe(patience)
        patience -= 1


@helper
def take(address, index, begin, end):
    """The next number from `begin` to below `end`, which nobody else gets; -1 where none is left."""
    free = peek(address, index)
    while free < end:
        number = max(free, begin)
        if swap_if(address, index, free, number + 1) != 0:
            return number
        free = peek(address, index)
    return -1


@helper
def next_part(done, before, parts, tickets, dealt, worker, workers, looks):
    """The next part that a worker is to do of work in `parts`, and how often it has looked; -1 when all are done.

    Each worker has a queue of parts, of which `tickets` counts those given out. When that is empty it waits for the
    others, and at last takes what is in theirs. `done`: where parts that are done are counted. `before` and `dealt`:
    parts in all, and of each queue, of work before.
    """
    end = dealt + (parts + workers - 1) // workers
    while peek(done, 0) < before + parts:
        if looks % HURRY == 0:
            queue = (worker + looks // HURRY) % workers
            part = take(tickets, 8 * queue, dealt, end)
            if part >= 0:
                part = queue + (part - dealt) * workers
                if part < parts:
                    return part, looks
                continue
        looks += 1
        breathe(PATIENCE - looks)
    return -1, looks


@helper
def neighbouring(part, parts, workers):
    """The part that a queue gives out in place of this one, so that each has parts that lie beside each other.

    What a worker wrote in one stage, it then mostly finds in its own cache in the next.
    """
    queue = part % workers
    return queue * (parts // workers) + min(queue, parts % workers) + part // workers
