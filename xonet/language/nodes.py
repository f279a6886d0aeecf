"""A YAML value that knows its place: what the reader gives and everything after it points into."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from xonet.diagnostics import Span


@dataclass(eq=False)
class Node:
    """A value with the span it is used at.

    `value` is a scalar (str, int, float, bool, None), a list of nodes, or a dict of nodes. Where the value came
    through an alias, `span` is the alias and `origin` the anchored value it stands for.
    """

    value: Any
    span: Span
    origin: Span | None = None
    keys: dict[str, Span] = field(default_factory=dict)
    """The span of each key, where the value is a dict."""

    def plain(self) -> Any:
        """The value as plain Python data, without places."""
        if isinstance(self.value, list):
            return [item.plain() for item in self.value]
        if isinstance(self.value, dict):
            return {key: item.plain() for key, item in self.value.items()}
        return self.value

    def at(self, path: Iterator[str | int] | list[str | int]) -> Node:
        """The node at `path` (keys and indices) below this one."""
        node = self
        for step in path:
            node = node.value[step]
        return node

    def get(self, key: str) -> Node | None:
        """The value of `key`, or None where this is no mapping or has no such key."""
        return self.value.get(key) if isinstance(self.value, dict) else None
