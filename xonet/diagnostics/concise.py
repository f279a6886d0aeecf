"""The format `concise`: a line a finding, `path:line:column: severity[code] message (help)`."""

from __future__ import annotations

from collections.abc import Iterator

from xonet.diagnostics import Diagnostic
from xonet.diagnostics._formats import Report
from xonet.diagnostics.text import shown_name, visible

HELP = "one line per finding, for editors and grep"


def write(report: Report) -> Iterator[str]:
    """The lines; nothing where nothing was found."""
    for file in report.files:
        yield from (f"{_line(diagnostic)}\n" for diagnostic in file.diagnostics)


def _line(diagnostic: Diagnostic) -> str:
    span = diagnostic.span
    help = f" ({diagnostic.help})" if diagnostic.help else ""
    head = f"{shown_name(span.source.name)}:{span.line}:{span.column}: {diagnostic.severity}[{diagnostic.code}]"
    return f"{head} {visible(f'{diagnostic.message}{help}')}"
