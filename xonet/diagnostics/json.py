"""The format `json`: one object with everything that is known about each finding.

Lines and columns count from 1, columns in characters (Unicode code points), and the end is the first character that
no longer belongs to it. `fix` is null, or the edits that `--fix` does: stretches, and the text to put there.
`fingerprint` stays the same when lines above come and go.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from xonet.diagnostics import Diagnostic, Span
from xonet.diagnostics._formats import Report, Tally, json_list
from xonet.diagnostics._places import path, with_fingerprints

HELP = "one object with everything that is known, for your own programs"


def write(report: Report) -> Iterator[str]:
    """`{version, findings, files, errors, warnings}`."""
    tally = Tally()
    yield '{\n  "version": 1,\n  "findings": '
    yield from json_list((_finding(*each) for file in tally(report.files) for each in with_fingerprints(file)), 1)
    yield f',\n  "files": {tally.files},\n  "errors": {tally.errors},\n  "warnings": {tally.warnings}\n}}\n'


def _finding(diagnostic: Diagnostic, fingerprint: str) -> dict[str, Any]:
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        **_place(diagnostic.span),
        "pointer": diagnostic.pointer,
        "label": diagnostic.label,
        "notes": [{"text": note.text, **(_place(note.span) if note.span else {})} for note in diagnostic.notes],
        "help": diagnostic.help,
        "fix": [{**_place(edit.span), "text": edit.text} for edit in diagnostic.fix.edits] if diagnostic.fix else None,
        "fingerprint": fingerprint,
    }


def _place(span: Span) -> dict[str, Any]:
    return {
        "path": path(span.source),
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }
