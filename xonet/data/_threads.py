"""Work for several threads, which is done all the same where none can be started."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def submit(pool: ThreadPoolExecutor, work: Callable[[Item], Result], item: Item) -> Future[Result]:
    """What a thread of the pool will give for an item, or this one, where there may be no more (`ulimit -u`).

    Another thread may then do it, too.
    """
    try:
        return pool.submit(work, item)
    except RuntimeError:
        done: Future[Result] = Future()
        done.set_result(work(item))
        return done
