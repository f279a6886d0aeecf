"""`--set` arguments: values that replace those of the file."""

from __future__ import annotations

from dataclasses import dataclass

from xonet.diagnostics import Span
from xonet.language.nodes import Node
from xonet.language.words import closest


@dataclass(frozen=True)
class Setting:
    """One `--set a.b.0=VALUE`."""

    path: list[str]
    node: Node
    """The value, with its place in the argument."""
    place: Span
    """Where the argument names the path."""


def put(root: Node, path: list[str], value: Node, *, add: bool, place: Span | None = None) -> str:
    """Put `value` at `path` below `root`, in place; says in words why it cannot, or gives an empty string.

    With `add`, a key the file leaves out is added, with the mappings around it. A value reached through an alias is
    changed for this place alone. `place` is where a key that is added stands; without it, at the value.
    """
    node, shared = root, False
    for depth, step in enumerate(path):
        if not _can_step(node, step, add):
            return _no_such(node, path[:depth], step)
        if depth == len(path) - 1:
            _assign(node, step, value, place)
            break
        below = _below(node, step)
        if below is None:
            below = Node({}, value.span)
            _assign(node, step, below, place)
        elif shared or below.origin is not None:
            # What an alias stands for is shared with other places, so this place gets a copy.
            shared = True
            inner = below.value.copy() if isinstance(below.value, dict | list) else below.value
            below = Node(inner, below.span, below.origin, dict(below.keys))
            _assign(node, step, below, place)
        node = below
    return ""


def _can_step(node: Node, step: str, add: bool) -> bool:
    return _below(node, step) is not None or (add and isinstance(node.value, dict))


def _below(node: Node, step: str) -> Node | None:
    if isinstance(node.value, list):
        inside = step.isascii() and step.isdigit() and len(step) < 10 and int(step) < len(node.value)
        return node.value[int(step)] if inside else None
    return node.get(step)


def _assign(node: Node, step: str, value: Node, place: Span | None) -> None:
    if isinstance(node.value, list):
        node.value[int(step)] = value
    else:
        node.value[step] = value
        node.keys.setdefault(step, place or value.span)


def _no_such(node: Node, path: list[str], step: str) -> str:
    place = ".".join(path) or "the file"
    if isinstance(node.value, list):
        return f"{place} has no entry {step}: it has {len(node.value)}, counted from 0"
    if isinstance(node.value, dict):
        close = closest(step, node.value)
        return f"{place} has no {step}" + (f": did you mean {close}?" if close else f", only {', '.join(node.value)}")
    return f"{place} is not a mapping, so it has no {step}"
