"""Places of a text as JSON pointers (RFC 6901): which value of the document a character belongs to."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace

from xonet.diagnostics import Diagnostic, Source, Span
from xonet.language.nodes import Node

Position = tuple[int, int]
"""Line and column."""


def with_pointers(diagnostics: Iterable[Diagnostic], root: Node) -> list[Diagnostic]:
    """The findings, each with the pointer of the innermost value, or key, that it stands at."""
    places = Places()
    return [replace(diagnostic, pointer=pointer(root, diagnostic.span, places)) for diagnostic in diagnostics]


def pointer(root: Node, span: Span, places: Places | None = None) -> str:
    """The pointer of the innermost value below `root` that holds the first character of `span`, or whose key does.

    Who asks often keeps the `places` from one question to the next.
    """
    way = _way(root, span, places or Places())
    return "".join(f"/{step.replace('~', '~0').replace('/', '~1')}" for step, _ in way)


def innermost(root: Node, span: Span, places: Places) -> Node:
    """The innermost value that holds the first character of `span`, or whose key does."""
    return next(reversed([root, *(node for _, node in _way(root, span, places))]))


class Places:
    """Which child of a node a place belongs to; a node's children are put in order once, for they may be many."""

    def __init__(self) -> None:
        self._known: dict[tuple[Node, Source], list[tuple[Position, Position, str, Node]]] = {}

    def child(self, node: Node, span: Span) -> tuple[str, Node] | None:
        """The first child whose value or key holds the first character of `span`: its step, and the child."""
        places = self._known.get((node, span.source))
        if places is None:
            places = sorted(_places(node, span.source), key=lambda place: place[0])
            self._known[node, span.source] = places
        start = (span.line, span.column)
        last = bisect_right(places, start, key=lambda place: place[0])
        # Places do not overlap, but what `<<` takes in has one place for all its keys.
        first = bisect_left(places, places[last - 1][0], hi=last, key=lambda place: place[0]) if last else 0
        for begin, end, step, child in places[first:last]:
            if start < end or begin == start:
                return step, child
        return None


def _way(node: Node | None, span: Span, places: Places) -> Iterator[tuple[str, Node]]:
    """Step by step from `node` to the innermost value: each key or index, and what stands there."""
    while node is not None:
        found = places.child(node, span)
        node = None
        if found:
            step, node = found
            yield step, node


def _places(node: Node, source: Source) -> Iterator[tuple[Position, Position, str, Node]]:
    """Begin and end of each value and key in a node, with its step and the value."""
    for step, child, spans in _children(node):
        for span in spans:
            if span.source is source:
                yield (span.line, span.column), (span.end_line, span.end_column), step, child


def _children(node: Node) -> Iterator[tuple[str, Node, list[Span]]]:
    """What lies in a node: its step, the node, and the places that count as it."""
    if isinstance(node.value, dict):
        for key, child in node.value.items():
            yield key, child, [child.span, *([node.keys[key]] if key in node.keys else [])]
    elif isinstance(node.value, list):
        for index, child in enumerate(node.value):
            yield str(index), child, [child.span]
