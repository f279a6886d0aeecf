"""What every command does."""

from __future__ import annotations

import argparse
import errno
import io
import pkgutil
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from xonet.cli._memory import in_memory
from xonet.cli._status import FAILURE, FINDINGS, INTERRUPTED
from xonet.cli._streams import flush, lead_nowhere
from xonet.cli._typed import Parser, verb_meant

VERBS = "xonet.cli"
_FULL = (errno.ENOSPC, errno.EIO, errno.EFBIG, errno.EDQUOT, errno.EBADF)
"""What is wrong where there is no room; an error in a file has its name."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; the status is 0 when all is well, 1 for findings, 2 for usage or a failure outside the file."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A file's name, or a ×, that the terminal's encoding does not have is escaped, and ends in no traceback.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        status = in_memory(lambda: _guarded(_parser(sys.argv[1:] if argv is None else argv).parse_args(argv)))
        error = flush()
        if error is None:
            return status
        if not isinstance(error, BrokenPipeError):
            print(f"xonet: stdout: {error.strerror or error}", file=sys.stderr)
        return FAILURE
    except KeyboardInterrupt:
        print("xonet: interrupted", file=sys.stderr)
        return INTERRUPTED
    except SystemExit:
        flush()
        raise
    except BrokenPipeError:
        # The reader went away (`xonet layers | head`): nothing is left to say.
        lead_nowhere()
        return FAILURE


def _parser(argv: Sequence[str]) -> argparse.ArgumentParser:
    """The parser; where the first argument is a verb, of that verb alone: importing all costs as much as a check."""
    from xonet.version import __version__

    parser = Parser(
        prog="xonet", description="Checks, trains and runs convolutional networks written as a page of YAML."
    )
    parser.add_argument("--version", action="version", version=f"xonet {__version__}")
    verbs = parser.add_subparsers(title="commands", metavar="COMMAND", required=True, parser_class=Parser)
    names = sorted(
        module.name for module in pkgutil.iter_modules(import_module(VERBS).__path__) if not module.name.startswith("_")
    )
    called = argv[0].replace("-", "_") if argv else ""
    if argv and not argv[0].startswith("-") and called not in names:
        words = [name.replace("_", "-") for name in names]
        near = verb_meant(argv, words)
        parser.error(
            f"there is no command {argv[0]}: " + (f"write {near}" if near else f"use one of {', '.join(words)}")
        )
    for name in [called] if called in names else names:
        verb: Any = import_module(f"{VERBS}.{name}")
        sub = verbs.add_parser(name.replace("_", "-"), help=verb.HELP, description=verb.HELP)
        verb.add_arguments(sub)
        sub.add_argument(
            "--color",
            choices=("auto", "always", "never"),
            default="auto",
            help="colour findings (default: %(default)s)",
        )
        sub.set_defaults(run=verb.run, parser=sub)
    return parser


def _guarded(arguments: argparse.Namespace) -> int:
    """Run the verb; whatever a user can cause ends in words, never in a traceback."""
    from xonet.diagnostics import InvalidNetwork

    try:
        status: int = arguments.run(arguments)
        return status
    except InvalidNetwork as invalid:
        from xonet.cli._findings import print_findings

        print_findings(invalid.diagnostics, arguments, sys.stderr)
        return FINDINGS
    except BrokenPipeError:
        raise
    except OSError as error:
        lost = flush()  # where it is stdout that cannot be written, what it holds must go, or Python's exit tells again
        where = "stdout: " if lost or error.errno in _FULL else ""
        where = f"{error.filename}: " if error.filename is not None else where
        print(f"xonet: {where}{error.strerror or error}", file=sys.stderr)
        return FAILURE
    except Exception as error:
        # DataError is looked up only if its module was imported: otherwise it cannot have been raised.
        data = sys.modules.get("xonet.data")
        if data is None or not isinstance(error, data.DataError):
            raise
        if error.finding is not None:
            # The network file asked for this data: it is a finding at its place, as `validate` has it.
            from xonet.cli._findings import print_findings

            print_findings([error.finding], arguments, sys.stderr)
            return FINDINGS
        print(f"xonet: {error}", file=sys.stderr)
        return FAILURE
