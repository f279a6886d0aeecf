"""The command `xonet`: one module a verb, each with `HELP`, `add_arguments(parser)` and `run(arguments) -> int`.

Verbs are found by listing this folder (`explain_code.py` is `explain-code`), and import what they need when they run:
`xonet --help` must be instant.
"""

from __future__ import annotations

import argparse
import io
import os
import pkgutil
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

FINE, FINDINGS, FAILURE, INTERRUPTED = 0, 1, 2, 130
"""What the command exits with."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; the status is 0 when all is well, 1 for findings, 2 for usage or a failure outside the file."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A file's name, or a ×, that the terminal's encoding does not have is escaped, and ends in no traceback.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        status = _guarded(_parser(sys.argv[1:] if argv is None else argv).parse_args(argv))
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        print("xonet: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader went away (`xonet layers | head`): nothing is left to say, at interpreter exit neither.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILURE


def _parser(argv: Sequence[str]) -> argparse.ArgumentParser:
    """The parser; where the first argument is a verb, of that verb alone: importing all costs as much as a check."""
    from xonet import __version__

    parser = argparse.ArgumentParser(
        prog="xonet", description="Reads, checks and runs convolutional networks written as a page of YAML."
    )
    parser.add_argument("--version", action="version", version=f"xonet {__version__}")
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", required=True)
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))
    called = argv[0].replace("-", "_") if argv else ""
    for name in [called] if called in names else names:
        verb: Any = import_module(f"{__name__}.{name}")
        sub = verbs.add_parser(name.replace("_", "-"), help=verb.HELP, description=verb.HELP)
        verb.add_arguments(sub)
        sub.add_argument(
            "--color",
            choices=("auto", "always", "never"),
            default="auto",
            help="colour findings (default: %(default)s)",
        )
        sub.set_defaults(run=verb.run)
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
        where = f"{error.filename}: " if error.filename is not None else ""
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
