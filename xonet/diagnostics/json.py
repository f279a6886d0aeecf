"""The format `json`: one object with everything that is known about each finding.

Lines and columns count from 1, columns in characters (Unicode code points), and the end is the first character that
no longer belongs to it. `fix` is null, or the edits that `--fix` does: stretches, and the text to put there.
`fingerprint` stays the same when lines above come and go.
"""

from __future__ import annotations

import json
from typing import Any

from xonet.diagnostics import Diagnostic, Span
from xonet.diagnostics._formats import Report
from xonet.diagnostics._places import fingerprints, path

HELP = "one object with all that is known, for programs of your own"


def write(report: Report) -> str:
    """`{version, files, errors, warnings, findings}`."""
    marks = fingerprints(report.diagnostics)
    severities = [diagnostic.severity for diagnostic in report.diagnostics]
    found = {
        "version": 1,
        "files": len(report.files),
        "errors": severities.count("error"),
        "warnings": severities.count("warning"),
        "findings": [_finding(*each) for each in zip(report.diagnostics, marks, strict=True)],
    }
    return json.dumps(found, indent=2) + "\n"


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
