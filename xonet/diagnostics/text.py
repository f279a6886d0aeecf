"""The format `text`: each finding with its line, a caret under the spot, and what to type instead.

networks/xo.yaml:14:27: error[empty-output] a 9 × 9 window does not fit into 7 × 7 × 3
   14 |   - max_pool2d: {window: 9}
      |                          ^ conv2d above gives 9 - 3 + 1 = 7
      = help: use a window of 7 or less
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace

from xonet.diagnostics import Diagnostic, Note, Span, in_order
from xonet.diagnostics._formats import Report, Tally

WIDEST = 160
"""Columns of a line that are shown; of a longer one, the part around the spot."""

MANY = 3
"""Findings that say the same, from which on they are shown as one."""
PLACES = 5
"""Places of such findings that are named, beside the first."""

_STYLES = {"error": "1;31", "warning": "1;33", "bold": "1", "dim": "2", "help": "36"}


HELP = "each finding with its line and what to type instead, for people"


def write(report: Report) -> Iterator[str]:
    """The findings, followed by a line that counts them, unless the report is quiet or covers no file."""
    tally, between = Tally(), ""
    for file in tally(report.files):
        for diagnostic in folded(file.diagnostics):
            yield between + _finding(diagnostic, report.color)
            between = "\n"
    if tally.files and not report.quiet:
        yield f"{between}{tally}\n"


def folded(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The findings; those that say the same of `MANY` places or more become the first of them, with a note."""
    same: dict[tuple[object, ...], list[Diagnostic]] = {}
    for diagnostic in diagnostics:
        about = (diagnostic.code, diagnostic.severity, diagnostic.message, diagnostic.help, diagnostic.span.source.name)
        same.setdefault(about, []).append(diagnostic)
    kept = []
    for first, *others in same.values():
        if len(others) + 1 < MANY:
            kept += [first, *others]
            continue
        places = ", ".join(f"{other.span.line}:{other.span.column}" for other in others[:PLACES])
        more = f" and {len(others) - PLACES:,} more" * (len(others) > PLACES)
        note = Note(f"the same in {len(others):,} more places: {places}{more}")
        kept.append(replace(first, notes=(*first.notes, note)))
    return in_order(kept)


def render(diagnostics: Iterable[Diagnostic], *, color: bool = False) -> str:
    """The findings, an empty line between two, each line ended."""
    return "\n".join(_finding(diagnostic, color) for diagnostic in diagnostics)


def _finding(diagnostic: Diagnostic, color: bool) -> str:
    places = [diagnostic.span, *(note.span for note in diagnostic.notes if note.span)]
    margin = max(5, *(len(str(span.line)) for span in places))
    gutter = " " * margin
    severity = _paint(f"{diagnostic.severity}[{diagnostic.code}]", diagnostic.severity, color)
    message = _paint(visible(diagnostic.message), "bold", color)
    lines = [f"{_place(diagnostic.span)}: {severity} {message}"]
    lines += _excerpt(diagnostic.span, diagnostic.label, margin, diagnostic.severity, color)
    for note in diagnostic.notes:
        place = f"{_place(note.span)}: " if note.span else ""
        lines.append(f"{gutter} = note: {place}{visible(note.text)}")
        if note.span:
            lines += _excerpt(note.span, "", margin, "dim", color)
    if diagnostic.help:
        lines.append(f"{gutter} = {_paint('help:', 'help', color)} {visible(diagnostic.help)}")
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _place(span: Span) -> str:
    return f"{shown_name(span.source.name)}:{span.line}:{span.column}"


def shown_name(name: str) -> str:
    """A file's name at the beginning of a line, where `::` and `##` would be commands for GitHub's and Azure's logs."""
    return visible(f"./{name}" if name.startswith(("::", "##")) else name)


def _excerpt(span: Span, label: str, margin: int, style: str, color: bool) -> list[str]:
    """The first line of the span, and carets under it."""
    text, (begin, line_end) = span.source.text, span.source.bounds(span.line)
    start = begin + span.column - 1
    end = max(span.end if span.end_line == span.line else line_end, start + 1)
    cut = max(begin, start - WIDEST // 2) if line_end - begin > WIDEST else begin
    shown = min(cut + WIDEST, line_end)
    before = ("…" if cut > begin else "") + visible(text[cut:start])
    spot = visible(text[start : min(end, shown)])
    after = visible(text[end:shown]) + ("…" if shown < line_end else "")
    carets = "^" * max(1, _width(spot))
    under = f"{' ' * _width(before)}{_paint(carets, style, color)}{' ' if label else ''}{visible(label)}"
    return [f"{span.line:>{margin}} | {before}{spot}{after}", f"{' ' * margin} | {under}"]


def visible(text: str) -> str:
    """The text as it can be shown on one line: a tab as four spaces, a control character as its escape."""
    text = text.replace("\t", "    ")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _width(text: str) -> int:
    """Columns of a terminal that the text takes: two for a wide character, none for one that joins the one before."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _paint(text: str, style: str, color: bool) -> str:
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if color else text
