"""The threads of this process that assist compiled code; see `xonet.kernels.assistants`."""

from __future__ import annotations

import ctypes
import os
import threading
from collections.abc import Callable
from contextlib import suppress

import numpy as np

from xonet.kernels import assistants
from xonet.kernels.assistants import Mailbox, Request, State
from xonet.kernels.loading import entry, library
from xonet.program.alignment import aligned

MOST = 255


class WorkerPool:
    """They are started when first needed and end with the process; each works for one caller at a time."""

    def __init__(self) -> None:
        self.mailboxes = aligned(MOST * Mailbox.SIZE, np.int64).reshape(MOST, Mailbox.SIZE)
        self._threads: list[threading.Thread] = []
        self._enough = 0
        """How many callers have been promised so far."""
        self._lock = threading.Lock()

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._threads)

    def ensure(self, count: int) -> int:
        """Let there be so many, if there can; gives how many there are.

        Where with the caller they are as many as processors, there is one for each, of which the caller leaves alone
        that of its own: left to themselves, two may share a processor for milliseconds.
        """
        # whoever comes while others are being started goes on with those that are there: a signal handler may be it
        if count > self._enough and self._lock.acquire(blocking=False):
            try:
                processors = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
                if len(processors) > count + 1:
                    processors = []
                self._start(min(max(count, len(processors)), MOST))
                for thread, mailbox, processor in zip(self._threads, self.mailboxes, processors, strict=False):
                    with suppress(OSError):  # not everybody may
                        os.sched_setaffinity(thread.native_id or 0, {processor})
                        mailbox[Mailbox.PROCESSOR] = processor
                self._enough = count
            finally:
                self._lock.release()
        return len(self._threads)

    def _start(self, count: int) -> None:
        run = entry(library().addresses([assistants.serve])[assistants.serve])
        while len(self._threads) < count:
            mailbox = self.mailboxes[len(self._threads)]
            mailbox[Mailbox.WAKE], mailbox[Mailbox.PROCESSOR], mailbox[Mailbox.STATE] = _held_lock(), -1, State.AWAKE
            thread = threading.Thread(target=_serve, args=(run, mailbox), name="xonet assistant", daemon=True)
            self._threads.append(thread)  # before it runs: Ctrl-C between the two must not give its mailbox to another
            try:
                thread.start()
            except RuntimeError:  # there are too many threads, or the process is about to end
                mailbox[Mailbox.STATE] = State.NONE
                self._threads.pop()
                break

    def forget(self) -> None:
        """After a fork: threads stay behind."""
        self.mailboxes[...] = 0
        self._threads, self._enough, self._lock = [], 0, threading.Lock()


def requests(control: np.ndarray, address: int, count: int) -> np.ndarray:
    """What a caller that shares `control` needs to call so many assistants to the kernel at `address`."""
    made = aligned(count * Request.SIZE, np.int64).reshape(count, Request.SIZE)
    made[:, Request.CONTROL], made[:, Request.KERNEL] = control.ctypes.data, address
    made[:, Request.WORKER] = np.arange(count) + 1
    return made


def _serve(run: Callable[[int], None], mailbox: np.ndarray) -> None:
    arguments = np.array([mailbox.ctypes.data], np.int64)
    run(arguments.ctypes.data)


def _held_lock() -> int:
    """A lock of Python's own kind, for threads that run without the interpreter."""
    make, acquire = ctypes.pythonapi.PyThread_allocate_lock, ctypes.pythonapi.PyThread_acquire_lock
    make.restype, acquire.argtypes = ctypes.c_void_p, (ctypes.c_void_p, ctypes.c_int)
    lock = make()
    acquire(lock, 1)
    return int(lock)


POOL = WorkerPool()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=POOL.forget)
