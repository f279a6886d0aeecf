"""Fixes: edits of the text that cannot change what a file means, and the text with them done."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from xonet.diagnostics import Diagnostic, Edit, Fix, Source, Span

ROUNDS = 20
"""How often a text is checked again: fixing a key may reveal what is wrong below it."""

Judge = Callable[[Source], list[Diagnostic]]


def write(span: Span, text: str) -> Fix:
    """The fix that puts `text` in the place of `span`."""
    return Fix((Edit(span, text),))


def rename(span: Span, old: str, new: str) -> Fix | None:
    """The fix that writes the word `new` for `old`, inside its quotes if it has some.

    None where `span` does not hold the word itself: an alias, or a word with escapes.
    """
    text, start, end = span.text, span.start, span.end
    if text[:1] in ("'", '"') and text[1:-1] == old:
        return write(span.source.span(start + 1, end - 1), new)
    return write(span, new) if text == old else None


def apply(source: Source, diagnostics: Iterable[Diagnostic]) -> tuple[str, list[Diagnostic]]:
    """The text with the findings' fixes applied, and the findings that were fixed.

    A fix that would touch what an earlier one changes waits for another round.
    """
    edits: list[tuple[int, int, str]] = []
    done: list[Diagnostic] = []
    for diagnostic in diagnostics:
        if diagnostic.fix is None or any(edit.span.source is not source for edit in diagnostic.fix.edits):
            continue
        new = [(edit.span.start, edit.span.end, edit.text) for edit in diagnostic.fix.edits]
        if not any(start <= other[1] and other[0] <= end for start, end, _ in new for other in edits):
            edits += new
            done.append(diagnostic)
    text = source.text
    for start, end, replacement in sorted(edits, reverse=True):
        text = text[:start] + replacement + text[end:]
    return text, done


def fixed(source: Source, judge: Judge) -> tuple[Source, list[Diagnostic], list[Diagnostic]]:
    """The source after all fixes, the findings they resolved, and those that remain."""
    gone: list[Diagnostic] = []
    left = judge(source)
    for _ in range(ROUNDS):
        text, done = apply(source, left)
        if not done or text == source.text:
            break
        source, gone = Source(source.name, text), gone + done
        left = judge(source)
    return source, gone, left
