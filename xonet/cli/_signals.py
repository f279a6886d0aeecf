"""What ends a command from outside: Ctrl-C, `kill`, a terminal that is closed.

The first time, work is saved; the second time, the process ends at once.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType

SAID = {signal.SIGINT: "interrupted", signal.SIGTERM: "terminated", signal.SIGHUP: "terminal closed"}


class Stopped(KeyboardInterrupt):
    """The process is to end."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.said = SAID.get(signal.Signals(number), "interrupted")
        self.status = 128 + number


@contextlib.contextmanager
def stopping(last_words: Callable[[], str]) -> Iterator[None]:
    """Within it, each of the signals raises `Stopped`; the next one after that ends the process, with `last_words`.

    A signal that is ignored (as under `nohup`) stays so. In other threads than the main one nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard: list[int] = []

    def hear(number: int, frame: FrameType | None) -> None:
        heard.append(number)
        if len(heard) == 1:
            raise Stopped(number)
        with contextlib.suppress(Exception):
            os.write(2, f"xonet: {SAID[signal.Signals(number)]} again{last_words()}\n".encode(errors="replace"))
        os._exit(128 + number)

    before = {number: signal.getsignal(number) for number in SAID}
    changed = [number for number, handler in before.items() if handler not in (signal.SIG_IGN, None)]
    try:
        for number in changed:
            signal.signal(number, hear)
        yield
    finally:
        for number in changed:
            signal.signal(number, before[number])
