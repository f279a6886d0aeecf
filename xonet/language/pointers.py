"""Places of a text as JSON pointers (RFC 6901): which value of the document a character belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from xonet.diagnostics import Diagnostic, Span
from xonet.language.nodes import Node


def with_pointers(diagnostics: Iterable[Diagnostic], root: Node) -> list[Diagnostic]:
    """The findings, each with the pointer of the innermost value, or key, that it stands at."""
    return [replace(diagnostic, pointer=pointer(root, diagnostic.span)) for diagnostic in diagnostics]


def pointer(root: Node, span: Span) -> str:
    """The pointer of the innermost value below `root` that holds the first character of `span`, or whose key does."""
    return "".join(f"/{step.replace('~', '~0').replace('/', '~1')}" for step, _ in _way(root, span))


def innermost(root: Node, span: Span) -> Node:
    """The innermost value that holds the first character of `span`, or whose key does."""
    return next(reversed([root, *(node for _, node in _way(root, span))]))


def _way(node: Node | None, span: Span) -> Iterator[tuple[str, Node]]:
    """Step by step from `node` to the innermost value: each key or index, and what stands there."""
    while node is not None:
        found = next((child for child in _children(node) if any(_holds(place, span) for place in child[2])), None)
        node = None
        if found:
            step, node, _ = found
            yield step, node


def _children(node: Node) -> Iterator[tuple[str, Node, list[Span]]]:
    """What lies in a node: its step, the node, and the places that count as it."""
    if isinstance(node.value, dict):
        for key, child in node.value.items():
            yield key, child, [child.span, *([node.keys[key]] if key in node.keys else [])]
    elif isinstance(node.value, list):
        for index, child in enumerate(node.value):
            yield str(index), child, [child.span]


def _holds(place: Span, span: Span) -> bool:
    if place.source is not span.source:
        return False
    start = (span.line, span.column)
    first, end = (place.line, place.column), (place.end_line, place.end_column)
    return first <= start < end or first == start
