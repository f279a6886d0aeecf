"""Turns: calls that share something run one after another, from any thread, and after a fork too."""

from __future__ import annotations

import os
import sys
import threading
import time
import weakref
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any, TypeVar

T = TypeVar("T")

FORK_WAIT_SECONDS = 1.0
"""Seconds that a fork waits for another thread's stretch of writing to end."""
POLL_SECONDS = 5e-5
"""Seconds between two looks whether others have had their turn."""


class Turn:
    """A lock that a thread may take several times; who holds it long lets others in between, and a fork renews it.

    A signal handler runs in the middle of what its thread does: so a thread that holds the turn must get it again, and
    what it does then must not use what the outer call is using.
    """

    def __init__(self, lasting: bool = False) -> None:
        """`lasting`: whether a fork waits until whoever holds it is done, however long that takes."""
        self._lock = threading.RLock()
        self._waiting: set[object] = set()
        self.lasting = lasting
        self.writing = False
        """Whether its holder is in the middle of a change that a fork should not see half of."""
        self.lost = 0
        """How many forks have left behind, in the other process, a thread that held it."""
        _TURNS.add(self)

    def take(self, work: Callable[..., T], *arguments: Any) -> T:
        """What `work` gives, while no other thread has the turn."""
        # without a call of Python's own between the lock's being taken and its being sure to be given back:
        # Ctrl-C may come at every one
        mine = object()
        self._waiting.add(mine)
        try:
            with self._lock:
                self._waiting.discard(mine)
                return work(*arguments)
        finally:
            self._waiting.discard(mine)

    def change(self, work: Callable[..., T], *arguments: Any) -> T:
        """What `work` gives, which writes: a fork comes before it or after it. Only by whoever has the turn.

        Work that takes longer than `FORK_WAIT_SECONDS` is not waited for.
        """
        with _BEGINNING:  # not while another thread forks
            before, self.writing = self.writing, True
        try:
            return work(*arguments)
        finally:
            self.writing = before

    @property
    def mine(self) -> bool:
        """Whether this thread has it."""
        return bool(self._lock._is_owned())  # type: ignore[attr-defined]

    def give_way(self) -> None:
        """Before a turn that follows another: let those go first who wait by now."""
        waiting = set(self._waiting)
        while waiting and not self.mine and waiting & self._waiting:
            time.sleep(POLL_SECONDS)

    def hold(self) -> None:
        """Before a fork: take it; `let_go` gives it back."""
        self._lock.acquire()

    def let_go(self) -> None:
        """After a fork."""
        self._lock.release()

    def renew(self) -> None:
        """In the child of a fork: there are no other threads."""
        self._waiting = set()
        if self._lock.acquire(blocking=False):
            self._lock.release()
        else:
            self._lock, self.writing = threading.RLock(), False
            self.lost += 1


_TURNS: weakref.WeakSet[Turn] = weakref.WeakSet()
_BEGINNING = threading.RLock()
"""Held by a thread that forks: no change begins meanwhile."""
_held = threading.local()

UNFORKABLE = Turn(lasting=True)
"""What a fork waits for: compiling, and imports, whose locks are Python's own and would stay held in the child."""


def imported(name: str) -> ModuleType:
    """A module that is imported when first needed, by whichever thread that is.

    One that is there already takes no lock: Python 3.10 takes that of the module even then, and a signal handler that
    came in between would wait for it for ever.
    """
    module = sys.modules.get(name)
    if module is not None and not getattr(module.__spec__, "_initializing", False):
        return module
    return UNFORKABLE.take(import_module, name)


def _before() -> None:
    lasting = [turn for turn in list(_TURNS) if turn.lasting]
    for turn in lasting:
        turn.hold()
    _BEGINNING.acquire()
    vars(_held).setdefault("turns", []).append(lasting)
    writing = [turn for turn in list(_TURNS) if turn.writing and not turn.mine]
    end = time.monotonic() + FORK_WAIT_SECONDS
    while any(turn.writing for turn in writing) and time.monotonic() < end:
        time.sleep(POLL_SECONDS)


def _after_in_parent() -> None:
    _BEGINNING.release()
    for turn in _held.turns.pop():
        turn.let_go()


def _after_in_child() -> None:
    _after_in_parent()
    for turn in list(_TURNS):
        turn.renew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before, after_in_parent=_after_in_parent, after_in_child=_after_in_child)
