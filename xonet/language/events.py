"""Offsets of libyaml's events in the text."""

from __future__ import annotations

import re
from typing import Any

import yaml

_PROPERTY = re.compile(r"[&!][^\s,\[\]{}]*")
_SPACE = re.compile(r"(?:\s|(?<=\s)#[^\r\n]*)*")


def end_of(event: Any) -> int:
    """The offset behind the last character of an event."""
    end: int = event.end_mark.index
    return end


def value_start(text: str, event: Any) -> tuple[int, tuple[int, int] | None]:
    """Where a value begins behind its anchor and tag (libyaml's mark is before them), and where its tag stands."""
    start, tag = event.start_mark.index, None
    if event.anchor is None and event.tag is None:
        return start, tag
    while match := _PROPERTY.match(text, start):
        if match[0][0] == "!":
            tag = match.span()
        space = _SPACE.match(text, match.end())
        start = space.end() if space else match.end()
    if isinstance(event, yaml.ScalarEvent):
        start = min(start, end_of(event))
    return start, tag
