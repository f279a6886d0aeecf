"""`torch.compile`, where it can be had: it needs a C++ compiler, and its time."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
import types
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch

from xonet.bench.contest import Runner
from xonet.bench.peers._peer import left_out

SECONDS = 180.0
"""How long one function may take to be compiled."""


class TooLong(BaseException):
    """Goes through all that catches what goes wrong within a compiler."""


def compiled(function: Callable[..., torch.Tensor]) -> Callable[..., torch.Tensor]:
    """The function, to be compiled at its first call, for arguments of that shape."""
    # PyTorch keeps what it compiled with a function's code, and gives up after a few: closures would share one code.
    own = types.FunctionType(
        function.__code__.replace(), function.__globals__, function.__name__, closure=function.__closure__
    )
    # one compiler at a time, and none that outlives its turn
    return torch.compile(own, fullgraph=True, dynamic=False, options={"compile_threads": 1})


def where_it_can(make: Callable[[], Runner]) -> dict[str, Runner]:
    """The runner that `make` makes, after its first time, as the way "compiled"; none where that fails or takes long.

    The reason is told once.
    """
    compiler = os.environ.get("CXX", "clang++" if sys.platform == "darwin" else "g++")
    if shutil.which(compiler) is None:
        left_out(f"torch goes without torch.compile, which needs a C++ compiler: there is no {compiler} (see CXX)")
        return {}
    try:
        with warnings.catch_warnings(), _at_most(SECONDS):
            warnings.simplefilter("ignore")
            runner = make()
            runner(2)
    except TooLong:
        left_out(f"torch goes without torch.compile here: it was not ready after {SECONDS:.0f} s")
    except Exception as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        left_out(f"torch goes without torch.compile here: {reason}")
    else:
        return {"compiled": runner}
    return {}


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raise TooLong after so many seconds, where the system can, and in the main thread; again, if that is lost."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(*_: Any) -> None:
        raise TooLong

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
