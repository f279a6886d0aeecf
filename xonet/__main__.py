"""The command, from its first moment: `python -m xonet`, and what the script `xonet` calls.

Until everything is imported, Ctrl-C ends the process at once: an exception inside an import would come out as a
traceback, wherever it is caught. Before the first line of this file, while Python itself starts and looks for the
package (some 15 ms), Ctrl-C is Python's own, and ends in its traceback.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # `signal` takes longer to import
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

INTERRUPTED = 130


def _end(*_: object) -> NoReturn:
    try:
        os.write(2, b"xonet: interrupted\n")
    finally:
        os._exit(INTERRUPTED)


def _unraisable(ignored: sys.UnraisableHookArgs) -> None:
    """End where Ctrl-C fell into a callback of the interpreter's, which may not raise: Python would tell and go on."""
    if issubclass(ignored.exc_type, KeyboardInterrupt):
        _end()
    sys.__unraisablehook__(ignored)


def main() -> int:
    """Run the command line's verb; gives the status."""
    hears = _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler  # not where it was started to ignore it
    if hears:
        _signal.signal(_signal.SIGINT, _end)
    try:
        from xonet.cli import _memory, _streams
        from xonet.cli import main as run
    except MemoryError:
        os.write(2, b"xonet: not enough memory to start\n")
        return 2
    _streams.prepare()
    _memory.prepare()
    sys.unraisablehook = _unraisable
    try:
        try:
            if hears:
                _signal.signal(_signal.SIGINT, _signal.default_int_handler)
            status = run()
        finally:
            if hears:
                _signal.signal(_signal.SIGINT, _end)  # at the interpreter's exit, too
    except KeyboardInterrupt:
        _end()
    if status == INTERRUPTED:
        # Where Ctrl-C fell into code that was being compiled, Python would end by the signal, though it was caught.
        sys.stderr.flush()
        os._exit(status)
    return status


if __name__ == "__main__":
    sys.exit(main())
