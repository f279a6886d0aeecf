"""The format `gitlab`: a Code Quality report, which GitLab shows in a merge request.

(GitLab documentation, "Code Quality", "Code Quality report format": description, check_name, fingerprint, severity,
location.path and location.lines.begin.)
"""

from __future__ import annotations

from collections.abc import Iterator

from xonet.diagnostics import Diagnostic
from xonet.diagnostics._formats import Report, json_list
from xonet.diagnostics._places import path, with_fingerprints

HELP = "a Code Quality report, shown in a merge request on GitLab"

_SEVERITIES = {"error": "major", "warning": "minor"}


def write(report: Report) -> Iterator[str]:
    """A list of objects, one a finding."""
    yield from json_list((_finding(*each) for file in report.files for each in with_fingerprints(file)), 0)
    yield "\n"


def _finding(diagnostic: Diagnostic, fingerprint: str) -> dict[str, object]:
    span = diagnostic.span
    help = f" ({diagnostic.help})" if diagnostic.help else ""
    return {
        "description": f"{diagnostic.message}{help}",
        "check_name": diagnostic.code,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[diagnostic.severity],
        "location": {"path": path(span.source), "lines": {"begin": span.line, "end": span.end_line}},
    }
