"""The format `github`: workflow commands, which GitHub shows beside the line in a pull request.

`::error file=networks/xo.yaml,line=14,endLine=14,col=27,endColumn=28,title=xonet[empty-output]::a 9 × 9 window ...`
(GitHub documentation, "Workflow commands for GitHub Actions", "Setting an error message"; the escapes are those of
actions/toolkit, packages/core/src/command.ts.)
"""

from __future__ import annotations

from collections.abc import Iterator

from xonet.diagnostics import Diagnostic
from xonet.diagnostics._formats import Report
from xonet.diagnostics._places import details, path

HELP = "workflow commands, shown next to the line in a pull request on GitHub"

_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = {**_DATA, ":": "%3A", ",": "%2C"}


def write(report: Report) -> Iterator[str]:
    """A command a finding; nothing where nothing was found."""
    for file in report.files:
        yield from (f"{_command(diagnostic)}\n" for diagnostic in file.diagnostics)


def _command(diagnostic: Diagnostic) -> str:
    properties = _place(diagnostic) | {"title": f"xonet[{diagnostic.code}]"}
    joined = ",".join(f"{name}={_escaped(str(value), _PROPERTY)}" for name, value in properties.items())
    return f"::{diagnostic.severity} {joined}::{_escaped(details(diagnostic), _DATA)}"


def _place(diagnostic: Diagnostic) -> dict[str, str | int]:
    """Where it is shown; GitHub takes columns only of a place on one line, and its last column belongs to the place."""
    span = diagnostic.span
    if not span.source.is_file:
        return {}
    place: dict[str, str | int] = {"file": path(span.source), "line": span.line, "endLine": span.end_line}
    if span.line == span.end_line:
        place |= {"col": span.column, "endColumn": max(span.column, span.end_column - 1)}
    return place


def _escaped(text: str, escapes: dict[str, str]) -> str:
    return "".join(escapes.get(character, character) for character in text)
