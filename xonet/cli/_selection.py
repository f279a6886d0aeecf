"""Which findings `xonet validate` reports, and with which severity."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import replace

from xonet.diagnostics import Diagnostic


def add_selection(parser: argparse.ArgumentParser) -> None:
    """`--select`, `--ignore` and `--warnings-as-errors`."""
    for name, what in (("select", "report only these codes"), ("ignore", "do not report these codes")):
        parser.add_argument(
            f"--{name}",
            metavar="CODE,...",
            action="append",
            default=[],
            type=_codes,
            help=f"{what} (`xonet explain-code` lists them)",
        )
    parser.add_argument("--warnings-as-errors", action="store_true", help="report warnings as errors")


def selected(findings: Iterable[Diagnostic], arguments: argparse.Namespace) -> list[Diagnostic]:
    """The findings that are wanted, as severe as they are wanted."""
    only = {code for codes in arguments.select for code in codes}
    without = {code for codes in arguments.ignore for code in codes}
    left = [finding for finding in findings if (not only or finding.code in only) and finding.code not in without]
    if arguments.warnings_as_errors:
        return [replace(finding, severity="error") for finding in left]
    return left


def _codes(argument: str) -> list[str]:
    """The codes of a list with commas; argparse turns an unknown one into a usage error."""
    from xonet.diagnostics.codes import codes
    from xonet.language.words import did_you_mean

    asked = [code.strip() for code in argument.split(",") if code.strip()]
    for code in asked:
        if code not in codes():
            near = did_you_mean(code, codes())
            hint = near if near.startswith("did") else "`xonet explain-code` lists them"
            raise argparse.ArgumentTypeError(f"there is no code {code}: {hint}")
    return asked
