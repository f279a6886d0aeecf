"""The format `text`, for a terminal.

--- networks/xo.yaml (HEAD)
+++ networks/xo.yaml (working tree)

+ layers.1 batch_norm
~ layers.4 dense
    units: 2 → 3
~ training.epochs: 10 → 12

                 before  after  change
parameters          226    338  +112 (+49.6 %)
"""

from __future__ import annotations

from collections.abc import Iterator

from xonet.network.changes import Changes, EntryChange, Setting
from xonet.pictures.changes._words import Row, change_of, cut_short, one_line, rows

SIGNS = {"added": "+", "removed": "-", "moved": ">", "changed": "~"}

_STYLES = {"added": "32", "removed": "31", "moved": "36", "changed": "33"}


def render(changes: Changes, color: bool = False) -> str:
    """Both names, what changed, and a table of what both networks cost."""
    lines = [f"--- {one_line(changes.old)}", f"+++ {one_line(changes.new)}", ""]
    if changes.none:
        return "\n".join([*lines, "the same network", ""])
    for entry in changes.entries:
        lines += _entry(entry, color)
    lines += [f"{_paint(SIGNS['changed'], 'changed', color)} {_setting(setting)}" for setting in changes.settings]
    return "\n".join([*lines, "", *_table(rows(changes)), ""])


def _entry(entry: EntryChange, color: bool) -> Iterator[str]:
    name = f" ({entry.name})" if entry.name else ""
    written = f": {cut_short(entry.written)}" if entry.written else ""
    was = f", was {entry.old_place}" if entry.kind == "moved" else ""
    yield f"{_paint(SIGNS[entry.kind], entry.kind, color)} {entry.place} {entry.word}{name}{written}{was}"
    for knob in entry.knobs:
        yield f"    {_setting(knob)}"


def _setting(setting: Setting) -> str:
    old, new = change_of(setting)
    return f"{setting.place}: {old} → {new}"


def _table(rows: list[Row]) -> Iterator[str]:
    table = [Row("", "before", "after", "change"), *rows]
    widths = [max(len(row[column]) for row in table) for column in range(3)]
    for row in table:
        cells = [row.what.ljust(widths[0]), row.before.rjust(widths[1]), row.after.rjust(widths[2]), row.change]
        yield "  ".join(cells).rstrip()


def _paint(text: str, kind: str, color: bool) -> str:
    return f"\x1b[{_STYLES[kind]}m{text}\x1b[0m" if color else text
