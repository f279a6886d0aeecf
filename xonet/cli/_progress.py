"""What training shows while it runs: a bar on a terminal, elsewhere one plain line per epoch."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any

NO_METRICS = ("epoch", "loss", "accuracy", "learning_rate", "seconds")
"""Columns of a history that are told in a way of their own, or not at all."""
DRAWN_AFTER, TOLD_AFTER = 0.3, 5.0
"""Seconds of reading after which a terminal, and anything else, is told of it."""


def announcer() -> Callable[[int], None]:
    """Makes what says that kernels are being compiled: once, though they may be compiled in several parts."""
    told: list[int] = []

    def announce(kernels: int) -> None:
        if not told:
            from xonet.kernels.kept import not_kept
            from xonet.kernels.loading import library

            reason = not_kept(library().folder)
            how = f"and not kept: {reason}" if reason else "once per installation"
            with contextlib.suppress(OSError):
                print(f"compiling kernels for this processor, {how} (a few seconds) …", file=sys.stderr, flush=True)
        told.append(kernels)

    return announce


def line(row: dict[str, Any], epochs: float) -> str:
    """One epoch in one line."""
    parts = [f"epoch {round(row['epoch'], 2):>{len(str(epochs))}}/{epochs}", scores(row)]
    if "validation_loss" in row:
        parts.append(f"validation {scores(row, 'validation_')}")
    return "  ".join([*parts, f"{row['seconds']:.2f} s"])


def scores(found: dict[str, Any], prefix: str = "") -> str:
    """Loss, accuracy where there is one, and what else was asked for."""
    own = {name.removeprefix(prefix): value for name, value in found.items() if name.startswith(prefix)}
    texts = [f"loss {own['loss']:.4f}"]
    if "accuracy" in own:
        texts.append(f"accuracy {100 * own['accuracy']:.2f} %")
    others = [name for name in own if name not in NO_METRICS and not name.startswith("validation_")]
    return "  ".join([*texts, *(f"{name} {own[name]:.4f}" for name in others)])


class Progress:
    """Shows epochs on stderr as they go by; a context manager."""

    def __init__(self, epochs: float, steps: int, color: bool = True) -> None:
        self.epochs, self.steps, self.color = epochs, steps, color
        self._bar: Any = None
        self._task: Any = None

    @property
    def drawn(self) -> bool:
        """Whether there is a terminal to draw on."""
        return sys.stderr.isatty()

    def __enter__(self) -> Progress:
        if self.drawn:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
            from rich.progress import Progress as Bar

            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            self._bar = Bar(*columns, console=Console(stderr=True, no_color=not self.color), transient=True)
            self._task = self._bar.add_task(f"epoch {min(1, self.epochs)}/{self.epochs}", total=self.steps)
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def on_step(self, steps: int) -> None:
        """So many steps of this epoch are done."""
        self._bar.update(self._task, completed=steps)

    def epoch(self, row: dict[str, Any]) -> None:
        """An epoch is over."""
        with contextlib.suppress(OSError):  # a training does not end because nobody looks on any more
            self._show(line(row, self.epochs), row)

    def _show(self, text: str, row: dict[str, Any]) -> None:
        if self._bar:
            self._bar.console.print(text, highlight=False)
            following = min(int(row["epoch"]) + 1, self.epochs)
            self._bar.update(self._task, completed=0, description=f"epoch {following}/{self.epochs}")
        else:
            print(text, file=sys.stderr, flush=True)


class Loading:
    """Shows that pictures are being read, where that takes a while; a context manager.

    On a terminal a bar that goes away, elsewhere one line.
    """

    def __init__(self, color: bool = True) -> None:
        self.color = color
        self._bar: Any = None
        self._task: Any = None
        self._told = False

    def __enter__(self) -> Loading:
        from xonet.data._reading import reporting

        self._began = time.monotonic()
        self._reporting = reporting(self.on_picture)
        self._reporting.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._reporting.__exit__(kind, error, trace)
        if self._bar:
            self._bar.stop()

    def on_picture(self, done: int, total: int) -> None:
        """So many of the pictures of a set are read."""
        if self._bar:
            self._bar.update(self._task, completed=done, total=total)
        elif not self._told and time.monotonic() - self._began > (DRAWN_AFTER if sys.stderr.isatty() else TOLD_AFTER):
            self._told = True
            with contextlib.suppress(OSError):
                self._tell(done, total)

    def _tell(self, done: int, total: int) -> None:
        if not sys.stderr.isatty():
            print(f"reading {total:,} pictures …", file=sys.stderr, flush=True)
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        columns = (TextColumn("reading pictures"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._bar = Bar(*columns, console=Console(stderr=True, no_color=not self.color), transient=True)
        self._task = self._bar.add_task("", total=total, completed=done)
        self._bar.start()


class Doing:
    """Says on a terminal what is being done, in one line that goes away; a context manager.

    Nothing moves meanwhile: what is being done is measured.
    """

    def __enter__(self) -> Doing:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.tell("")

    def tell(self, what: str) -> None:
        """From now on."""
        if sys.stderr.isatty():
            text = f"measuring: {what} …" if what else ""
            print(f"\r\x1b[2K{text}", end="", file=sys.stderr, flush=True)
