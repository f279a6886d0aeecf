"""The format `junit`: a test report, as Jenkins, GitLab, Azure DevOps and CircleCI read it.

A file is a test suite, and an error in it a test that failed; a file without errors is one test that passed. JUnit
knows no warnings: they are the suite's output. Names hold no line, so that a reader sees which failures are new.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree as XML

from xonet.diagnostics import Diagnostic
from xonet.diagnostics._formats import Report
from xonet.diagnostics._places import details, path
from xonet.diagnostics.text import render

HELP = "a JUnit test report: one suite per file, one failed test per error"

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(report: Report) -> Iterator[str]:
    """The report; XML 1.0 in UTF-8. It begins with counts, so the suites wait for the last one, as text."""
    counts: Counter[str] = Counter(tests=0, failures=0, errors=0)
    suites: list[str] = []
    for file in report.files:
        suite = _suite(*file)
        counts.update({name: int(suite.get(name, 0)) for name in counts})
        XML.indent(suite, level=1)
        # In references, what is not ASCII survives a terminal or pipe of any encoding.
        suites.append(XML.tostring(suite, encoding="us-ascii", xml_declaration=False).decode("ascii").rstrip())
    said = " ".join(f'{name}="{count}"' for name, count in counts.items())
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="xonet" {said}>\n'
    yield from (f"  {suite}\n" for suite in suites)
    yield "</testsuites>\n"


def _suite(name: str, diagnostics: Sequence[Diagnostic]) -> XML.Element:
    file = _sound(path(diagnostics[0].span.source) if diagnostics else name)
    errors = [diagnostic for diagnostic in diagnostics if diagnostic.severity == "error"]
    counts = {"tests": str(max(1, len(errors))), "failures": str(len(errors)), "errors": "0", "skipped": "0"}
    suite = XML.Element("testsuite", {"name": file, "time": "0", **counts})
    seen: Counter[str] = Counter()
    for error in errors:
        case = f"{error.code} {error.pointer}".strip()
        seen[case] += 1
        suite.append(_failed(error, file, case if seen[case] == 1 else f"{case} ({seen[case]})"))
    if not errors:
        XML.SubElement(suite, "testcase", name="valid", classname=file, file=file, time="0")
    warnings = [diagnostic for diagnostic in diagnostics if diagnostic.severity == "warning"]
    if warnings:
        XML.SubElement(suite, "system-out").text = _sound(render(warnings))
    return suite


def _failed(error: Diagnostic, file: str, name: str) -> XML.Element:
    case = XML.Element("testcase", name=_sound(name), classname=file, file=file, line=str(error.span.line), time="0")
    failure = XML.SubElement(case, "failure", type=error.code, message=_sound(error.message))
    failure.text = _sound(f"{file}:{error.span.line}:{error.span.column}\n{details(error)}")
    return case


def _sound(text: str) -> str:
    """The text without what no XML may hold: each such character as its escape."""
    return _NOT_XML.sub(lambda match: match[0].encode("unicode_escape").decode(), text)
