"""`# xonet: ignore[code]` in a file: findings that its author has seen and does not want to see again.

It goes at the end of the finding's line, or on a line of its own above it. `# xonet: ignore-file[code]`, anywhere,
speaks of the whole file. What it hides is hidden from `validate`;
an error that is ignored still keeps the network from running.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from xonet.diagnostics import Diagnostic, Source
from xonet.language.limits import FINDINGS
from xonet.language.nodes import Node
from xonet.language.pointers import Places, innermost

_COMMENT = re.compile(
    r"(?:^|(?<=\s))#[^\S\r\n]*xonet:[^\S\r\n]*ignore\b(?P<of>-[\w-]*)?(?:\[(?P<codes>[^\]\r\n#]*)\])?", re.MULTILINE
)
_CODE = re.compile(r"[^,\s](?:[^,]*[^,\s])?")
WHOLE_FILE = 0
_BLANK = re.compile(r"[^\S\r\n]*")


class Ignore(NamedTuple):
    """One code in one comment."""

    code: str
    start: int
    """The offset of the code; of the comment where it names none."""
    end: int
    line: int
    """The line whose findings it hides; `WHOLE_FILE` for all."""


def apply(diagnostics: Sequence[Diagnostic], source: Source, root: Node, *, sees_data: bool = True) -> list[Diagnostic]:
    """What is left of the findings, with those about the comments themselves.

    Whether an ignore is of use can be said only where nothing else kept the file from being judged whole.
    """
    ignores = list(_ignores(source, root))
    if not ignores:
        return list(diagnostics)
    asked = {(ignore.line, ignore.code) for ignore in ignores}
    found = {(line, it.code) for it in diagnostics if it.span.source is source for line in (it.span.line, WHOLE_FILE)}
    left = [
        it
        for it in diagnostics
        if it.span.source is not source or not asked & {(it.span.line, it.code), (WHOLE_FILE, it.code)}
    ]
    judged = not any(it.severity == "error" for it in left)
    about = (it for ignore in ignores for it in _about(ignore, source, found, judged, sees_data))
    return left + list(islice(about, FINDINGS))


def _about(
    ignore: Ignore, source: Source, found: set[tuple[int, str]], judged: bool, sees_data: bool
) -> Iterator[Diagnostic]:
    """What is wrong with one ignore, given what is `found` on which line."""
    from xonet.diagnostics.codes import codes, read_page
    from xonet.language.words import closest, shown

    code = shown(ignore.code)
    if not ignore.code:
        yield Diagnostic(
            "unused-ignore",
            "this ignore names no code",
            source.span(ignore.start, ignore.end),
            "warning",
            help="write the code in brackets, as a finding shows it: # xonet: ignore[unused-knob]",
        )
    elif ignore.code not in codes():
        near = closest(ignore.code, codes())
        yield Diagnostic(
            "unknown-code",
            f"there is no code {code}",
            source.span(ignore.start, ignore.end),
            "warning",
            help=f"did you mean {near}?" if near else "`xonet explain-code` lists every code",
        )
    elif judged and (ignore.line, ignore.code) not in found and (sees_data or not read_page(ignore.code).needs_data):
        whole = ignore.line == WHOLE_FILE
        yield Diagnostic(
            "unused-ignore",
            f"there is no {ignore.code} to ignore {'in this file' if whole else f'on line {ignore.line}'}",
            source.span(ignore.start, ignore.end),
            "warning",
            help=f"remove {ignore.code}" + ", or put the comment on the finding's line or the line above" * (not whole),
        )


def _ignores(source: Source, root: Node) -> Iterator[Ignore]:
    """Every ignore that stands in a comment, not in a text of the document."""
    text = source.text
    if "ignore" not in text:
        return
    places, line, first, target = Places(), 0, 0, 0
    for comment in _COMMENT.finditer(text):
        span = source.span(*comment.span())
        if span.line != line:
            line = span.line
            begin = source.offset(line, 1)
            blank = _BLANK.match(text, begin)
            first = blank.end() if blank else begin
        if first < comment.start() and text[first] == "#":
            continue  # a comment that speaks of ignores
        if isinstance(innermost(root, span, places).value, str):
            continue
        hides = line
        if first == comment.start():
            # on a line of its own, for the first line below that is no comment
            target = max(target, line + 1)
            while source.line(target).lstrip().startswith("#"):
                target += 1
            hides = target
        if comment["of"] == "-file":
            hides = WHOLE_FILE
        named = "" if comment["of"] not in (None, "-file") else comment["codes"] or ""
        codes = [(code[0], comment.start("codes") + code.start()) for code in _CODE.finditer(named)]
        for code, start in codes or [("", comment.start())]:
            yield Ignore(code, start, start + len(code) if code else comment.end(), hides)
