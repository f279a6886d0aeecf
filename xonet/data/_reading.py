"""Many pictures at once: on every processor, in order, and with all broken ones reported together."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import islice
from pathlib import Path

import numpy as np

from xonet.data import DataError, Wanted
from xonet.data._prepare import Changes, prepared
from xonet.data._threads import submit
from xonet.language.words import counted

ProgressCallback = Callable[[int, int], None]
"""Told now and then how many of how many pictures are read."""

_callback: ContextVar[ProgressCallback | None] = ContextVar("callback", default=None)

MOST_NAMED = 3
"""How many broken pictures are named; the others are counted."""


@contextmanager
def reporting(callback: ProgressCallback | None) -> Iterator[None]:
    """Inside, `callback` hears how reading goes on, whichever source reads."""
    token = _callback.set(callback)
    try:
        yield
    finally:
        _callback.reset(token)


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def read_pictures(
    paths: Sequence[str | Path], wanted: Wanted, threads: int | None = None
) -> tuple[np.ndarray, list[tuple[int, DataError]], Changes]:
    """The pictures, and those that could not be read.

    Pillow decodes and resizes without the GIL, so threads read as many at once as there are processors. What comes out
    does not depend on how many there are.

    Returns:
        ((n, height, width, channels) bytes, in the order of `paths`, with zeros where one is broken; the index and the
        error of each broken one, in that order; what was done to the others to make them fit).
    """

    def read(path: str | Path) -> tuple[np.ndarray | DataError, Changes]:
        changes = Changes()
        try:
            return prepared(path, wanted, changes), changes
        except DataError as error:
            return error, Changes()

    pictures = np.zeros((len(paths), *wanted.shape), np.uint8)
    failures: list[tuple[int, DataError]] = []
    changes = Changes()
    callback = _callback.get()
    threads = min(threads or processors(), max(1, len(paths)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # damaged EXIF data and very large pictures: what matters is told in other ways
        for index, (found, done) in enumerate(_in_order(read, paths, threads)):
            if isinstance(found, DataError):
                failures.append((index, found))
            else:
                pictures[index] = found
            changes.join(done)
            if callback:
                callback(index + 1, len(paths))
    return pictures, failures, changes


def whole(failures: Sequence[tuple[int, DataError]], total: int, knob: str) -> None:
    """Refuse pictures that are not all there; `knob` is where the file names them.

    Raises:
        DataError: one line: the error of the only broken one, or how many of `total` are broken and the first of them.
    """
    if len(failures) == 1:
        raise DataError(str(failures[0][1]), knob=knob, help="delete it, or move it elsewhere")
    if failures:
        named = "; ".join(str(error) for _, error in failures[:MOST_NAMED])
        more = f"; and {len(failures) - MOST_NAMED} more" if len(failures) > MOST_NAMED else ""
        said = f"{len(failures):,} of {counted(total, 'picture')} cannot be read: {named}{more}"
        raise DataError(said, knob=knob, help="delete them, or move them elsewhere")


def _in_order(
    read: Callable[[str | Path], tuple[np.ndarray | DataError, Changes]], paths: Sequence[str | Path], threads: int
) -> Iterator[tuple[np.ndarray | DataError, Changes]]:
    """What `read` makes of each path, in order, some paths ahead of who asks."""
    if threads == 1:
        yield from map(read, paths)
        return
    waiting = iter(paths)
    pool = ThreadPoolExecutor(threads, thread_name_prefix="xonet-reading")
    try:
        ahead = [submit(pool, read, path) for path in islice(waiting, 8 * threads)]
        while ahead:
            yield ahead.pop(0).result()
            ahead += [submit(pool, read, path) for path in islice(waiting, 1)]
    finally:
        pool.shutdown(cancel_futures=True)  # after Ctrl-C, too: only what is being read now is waited for
