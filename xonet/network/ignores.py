"""`# xonet: ignore[code]` in a file: findings that its author has seen and wants no more.

It stands at the end of the finding's line, or on a line of its own above it. What it hides is hidden from `validate`;
an error that is ignored still keeps the network from being run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from xonet.diagnostics import Diagnostic, Source, Span
from xonet.language.nodes import Node
from xonet.language.pointers import innermost

_COMMENT = re.compile(r"(?:^|(?<=\s))#\s*xonet:\s*ignore\b(?:\[([^\]\r\n]*)\])?", re.MULTILINE)
_CODE = re.compile(r"[^,\s][^,]*[^,\s]|[^,\s]")


class Ignore(NamedTuple):
    """One code in one comment."""

    code: str
    span: Span
    line: int
    """The line whose findings it hides."""


def apply(diagnostics: Sequence[Diagnostic], source: Source, root: Node, *, sees_data: bool = True) -> list[Diagnostic]:
    """What is left of the findings, with those about the comments themselves.

    Whether an ignore is of use can be said only where nothing else kept the file from being judged whole.
    """
    ignores = list(_ignores(source, root))
    if not ignores:
        return list(diagnostics)
    asked = {(ignore.line, ignore.code) for ignore in ignores}
    found = {(it.span.line, it.code) for it in diagnostics if it.span.source is source}
    left = [it for it in diagnostics if it.span.source is not source or (it.span.line, it.code) not in asked]
    judged = not any(it.severity == "error" for it in left)
    for ignore in ignores:
        left += _about(ignore, (ignore.line, ignore.code) in found, judged, sees_data)
    return left


def _about(ignore: Ignore, used: bool, judged: bool, sees_data: bool) -> Iterator[Diagnostic]:
    """What is wrong with one ignore."""
    from xonet.diagnostics.codes import codes, read_page
    from xonet.language.words import closest

    if not ignore.code:
        yield Diagnostic(
            "unused-ignore",
            "this ignore names no code",
            ignore.span,
            "warning",
            help="write the code in brackets, as findings show it: # xonet: ignore[unused-knob]",
        )
    elif ignore.code not in codes():
        near = closest(ignore.code, codes())
        yield Diagnostic(
            "unknown-code",
            f"there is no code {ignore.code}",
            ignore.span,
            "warning",
            help=f"did you mean {near}?" if near else "`xonet explain-code` lists every code",
        )
    elif not used and judged and (sees_data or not read_page(ignore.code).needs_data):
        yield Diagnostic(
            "unused-ignore",
            f"there is no {ignore.code} to ignore on line {ignore.line}",
            ignore.span,
            "warning",
            help=f"take {ignore.code} away, or put the comment on the finding's line or the line above",
        )


def _ignores(source: Source, root: Node) -> Iterator[Ignore]:
    """Every ignore that stands in a comment, not in a text of the document."""
    if "ignore" not in source.text:
        return
    for comment in _COMMENT.finditer(source.text):
        span = source.span(*comment.span())
        if isinstance(innermost(root, span).value, str):
            continue
        line = span.line
        before = source.line(line)[: span.column - 1].strip()
        if before.startswith("#"):
            continue  # a comment that speaks of ignores
        if not before:
            line += 1
            while source.line(line).lstrip().startswith("#"):
                line += 1
        codes = list(_CODE.finditer(comment[1] or ""))
        for code in codes:
            start = comment.start(1) + code.start()
            yield Ignore(code[0], source.span(start, start + len(code[0])), line)
        if not codes:
            yield Ignore("", span, line)
