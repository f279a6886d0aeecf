"""The format `sarif`: SARIF 2.1.0, read by code scanning on GitHub, by Azure DevOps and by editors.

(OASIS, Static Analysis Results Interchange Format 2.1.0, with Errata 01. Columns are in UTF-16 code units, as
`columnKind` says, and the end of a region is exclusive.)
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from xonet.diagnostics import Diagnostic, Fix, Span
from xonet.diagnostics._formats import Report, json_list
from xonet.diagnostics._places import explanation, uri, with_fingerprints
from xonet.diagnostics.codes import read_page
from xonet.version import __version__

HELP = "SARIF 2.1.0, for code scanning on GitHub and for editors"

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def write(report: Report) -> Iterator[str]:
    """One run: the results, followed by their rules."""
    rules: dict[str, int] = {}
    results = (
        _result(diagnostic, mark, rules.setdefault(diagnostic.code, len(rules)))
        for file in report.files
        for diagnostic, mark in with_fingerprints(file)
    )
    yield f'{{\n  "$schema": "{SCHEMA}",\n  "version": "2.1.0",\n  "runs": [\n    {{\n'
    yield '      "columnKind": "utf16CodeUnits",\n      "results": '
    yield from json_list(results, 3)
    driver = {"name": "xonet", "version": __version__, "rules": [_rule(code) for code in rules]}
    yield f',\n      "tool": {json.dumps({"driver": driver})}\n    }}\n  ]\n}}\n'


def _rule(code: str) -> dict[str, Any]:
    page = read_page(code)
    return {
        "id": code,
        "shortDescription": {"text": page.title},
        "fullDescription": {"text": page.meaning},
        "help": {"text": page.text, "markdown": page.text},
        "defaultConfiguration": {"level": page.severity},
    }


def _result(diagnostic: Diagnostic, fingerprint: str, rule: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": diagnostic.severity,
        "message": {"text": "\n".join(filter(None, [f"{diagnostic.message}.", explanation(diagnostic)]))},
        "partialFingerprints": {"pathCodePointer/v1": fingerprint},
    }
    if diagnostic.span.source.is_file:
        place = _location(diagnostic.span)
        if diagnostic.pointer:
            place["logicalLocations"] = [{"fullyQualifiedName": diagnostic.pointer}]
        result["locations"] = [place]
    related = [
        {**_location(note.span), "message": {"text": note.text}}
        for note in diagnostic.notes
        if note.span and note.span.source.is_file
    ]
    if related:
        result["relatedLocations"] = related
    if diagnostic.fix and diagnostic.span.source.is_file:
        result["fixes"] = [_fix(diagnostic, diagnostic.fix)]
    return result


def _fix(diagnostic: Diagnostic, fix: Fix) -> dict[str, Any]:
    """What `--fix` does; all edits of a fix are in the finding's own file."""
    change = {
        "artifactLocation": _artifact(diagnostic.span),
        "replacements": [
            {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}} for edit in fix.edits
        ],
    }
    return {"description": {"text": diagnostic.help or diagnostic.message}, "artifactChanges": [change]}


def _location(span: Span) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": _artifact(span), "region": _region(span)}}


def _artifact(span: Span) -> dict[str, str]:
    address = uri(span.source)
    return {"uri": address} if address.startswith("file:") else {"uri": address, "uriBaseId": "%SRCROOT%"}


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.line,
        "startColumn": span.source.utf16_column(span.line, span.column),
        "endLine": span.end_line,
        "endColumn": span.source.utf16_column(span.end_line, span.end_column),
    }
