"""A knob that nothing else in the file refers to."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from xonet.diagnostics import Diagnostic, Span
from xonet.language.nodes import Node
from xonet.language.words import shown
from xonet.network.network import Network
from xonet.network.rules import Scope

NEEDS = ("knobs",)


def find(network: Network, _: Scope) -> Iterator[Diagnostic]:
    """A finding at each such knob's name.

    Nothing is said where `--set` replaced values: it may have replaced the alias.
    """
    root = network.document.node
    knobs = root.get("knobs") if root else None
    if root is None or knobs is None or network.overrides or not isinstance(knobs.value, dict):
        return
    used = sorted(origin[1:] for origin in _origins(root, set()))
    for name, knob in knobs.value.items():
        # values lie in one another or apart: the first that begins in the knob ends in it
        first = bisect_left(used, knob.span[1:3])
        if first == len(used) or used[first][2:] > knob.span[3:]:
            yield Diagnostic(
                "unused-knob",
                f"nothing refers to the knob {shown(name)}",
                knobs.keys[name],
                "warning",
                help=f"mark its value with an anchor, {name}: &{name} ..., and write *{name} where it is used; "
                "or remove the knob",
            )


def _origins(node: Node, seen: set[int]) -> Iterator[Span]:
    """The places that aliases stand for; what several aliases stand for is looked into once."""
    if node.origin is not None:
        yield node.origin
    if id(node.value) in seen or not isinstance(node.value, dict | list):
        return
    seen.add(id(node.value))
    for child in node.value.values() if isinstance(node.value, dict) else node.value:
        yield from _origins(child, seen)
