"""Findings on a terminal or in a pipe."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from typing import TextIO

from xonet.diagnostics import Diagnostic
from xonet.diagnostics._formats import Checked, Report
from xonet.diagnostics.text import write


def use_color(arguments: argparse.Namespace, stream: TextIO) -> bool:
    """Whether `stream` gets colour: as `--color` says, otherwise on a terminal unless NO_COLOR is set."""
    if arguments.color != "auto":
        return bool(arguments.color == "always")
    return stream.isatty() and not os.environ.get("NO_COLOR")


def print_findings(diagnostics: Sequence[Diagnostic], arguments: argparse.Namespace, stream: TextIO) -> None:
    """The findings of one file, and a line that counts them."""
    stream.writelines(write(Report([Checked("", diagnostics)], use_color(arguments, stream))))
