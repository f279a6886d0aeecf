"""Words that the formats for people share: values and amounts."""

from __future__ import annotations

from typing import Any, NamedTuple

from xonet.language.scalars import flow
from xonet.network.changes import Changes, Setting

WIDEST = 72
"""Characters of a value that are shown."""
AROUND = 16
"""Of those, how many before the first one that differs."""


class Row(NamedTuple):
    """One amount of both networks, as text; `change` is empty where there is none."""

    what: str
    before: str
    after: str
    change: str


def rows(changes: Changes) -> list[Row]:
    """What both networks cost, how far they see, and what they give."""
    before, after = changes.before, changes.after
    return [
        _amount("parameters", before.parameters, after.parameters),
        _amount("multiply-adds", before.macs, after.macs),
        _amount("memory (bytes)", before.memory_bytes, after.memory_bytes),
        _lengths("receptive field", before.receptive_field, after.receptive_field),
        _lengths("input", before.input_shape, after.input_shape),
        _lengths("output", before.output_shape, after.output_shape),
    ]


def change_of(setting: Setting) -> tuple[str, str]:
    """A knob's value before and after, on one line each; of long ones, the part where they differ."""
    old, new = shown(setting.old), shown(setting.new)
    if max(len(old), len(new)) <= WIDEST:
        return old, new
    same = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    start = max(0, same - AROUND) if same > WIDEST - AROUND else 0
    return _cut(old, start), _cut(new, start)


def shown(value: Any) -> str:
    """A value as a user would type it, on one line."""
    return "absent" if value is None else one_line(flow(value))


def cut_short(value: Any) -> str:
    """The same, no longer than is pleasant."""
    return _cut(shown(value), 0)


def one_line(text: str) -> str:
    """The text with every character that does not print as its escape."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _cut(text: str, start: int) -> str:
    return "…" * (start > 0) + text[start : start + WIDEST] + "…" * (len(text) > start + WIDEST)


def _amount(what: str, before: int, after: int) -> Row:
    """The change with its share: `+264 (+77.6 %)`, or how many times as much, where that is ten or more."""
    if before == after:
        return Row(what, f"{before:,}", f"{after:,}", "")
    if not before:
        share = ""
    elif after >= 10 * before:
        share = f" (× {after / before:,.0f})"
    else:
        share = f" ({100 * (after - before) / before:+.1f} %)"
    return Row(what, f"{before:,}", f"{after:,}", f"{after - before:+,}{share}")


def _lengths(what: str, before: tuple[int, ...] | None, after: tuple[int, ...] | None) -> Row:
    old, new = (" × ".join(map(str, lengths)) if lengths else "none" for lengths in (before, after))
    return Row(what, old, new, "changed" if before != after else "")
