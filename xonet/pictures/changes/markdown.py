"""The format `markdown`: a comment under a change that is reviewed.

A table of what both networks cost, then a list of what changed. Everything a file says stands in code spans, so that
nothing in it is Markdown, HTML, or a mention of someone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from xonet.network.changes import Changes, EntryChange, Setting
from xonet.pictures.changes._words import change_of, cut_short, one_line, rows


def render(changes: Changes, color: bool = False) -> str:
    """GitHub's and GitLab's Markdown."""
    lines = [f"### {_code(changes.old)} → {_code(changes.new)}", ""]
    if changes.none:
        return "\n".join([*lines, "The same network.", ""])
    lines += ["| | before | after | change |", "|---|---:|---:|---:|"]
    lines += [f"| {row.what} | {row.before} | {row.after} | {row.change} |" for row in rows(changes)]
    lines.append("")
    for entry in changes.entries:
        lines += _entry(entry)
    lines += [f"- changed {_setting(setting)}" for setting in changes.settings]
    return "\n".join([*lines, ""])


def _entry(entry: EntryChange) -> Iterator[str]:
    name = f" {_code(entry.name)}" if entry.name else ""
    written = f" {_code(cut_short(entry.written))}" if entry.written else ""
    was = f", was {_code(entry.old_place or '')}" if entry.kind == "moved" else ""
    yield f"- {entry.kind} {_code(entry.place)} **{entry.word}**{name}{written}{was}"
    for knob in entry.knobs:
        yield f"  - {_setting(knob)}"


def _setting(setting: Setting) -> str:
    old, new = change_of(setting)
    return f"{_code(setting.place)}: {_code(old)} → {_code(new)}"


def _code(text: str) -> str:
    """A code span: fenced by more backticks than any run inside has (CommonMark 0.31, section 6.1)."""
    text = one_line(text)
    runs = {len(run) for run in re.findall("`+", text)}
    fence = "`" * next(length for length in range(1, len(text) + 2) if length not in runs)
    padding = " " if text.startswith(("`", " ")) or text.endswith(("`", " ")) or not text else ""
    return f"{fence}{padding}{text}{padding}{fence}"
