"""`defaults:`: knobs that every layer of a kind has, unless it says them itself."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any

from xonet.diagnostics import Span
from xonet.language.fields import Record
from xonet.language.kinds import Kind
from xonet.language.nodes import Node
from xonet.language.words import example
from xonet.layers import LAYERS, Layer, stack
from xonet.layers._base import Stack, holds_layers

Defaults = Mapping[str, Mapping[str, Node]]
"""By the layer's word, what is written for each knob."""


class DefaultKnobs(Kind):
    """A mapping from layers to their knobs, none of which is required."""

    def schema(self) -> dict[str, Any]:
        """The layers' own schemas, without what belongs to a single layer: its name, and the layers in it."""
        return {
            "type": "object",
            "properties": {word: _knobs_of(member) for word, member in LAYERS.members.items()},
            "additionalProperties": False,
        }


def shared(member: type[Record]) -> list[str]:
    """The knobs that several layers of a kind may have in common."""
    return [name for name, knob in member.fields.items() if name != "name" and not holds_layers(knob.kind)]


def _knobs_of(member: type[Layer]) -> dict[str, Any]:
    schema = member.schema()
    knobs = {name: schema["properties"][name] for name in shared(member)}
    advice = {"x-advice": schema["x-advice"]} if "x-advice" in schema else {}
    also = {"x-also": list(member.also)} if member.also else {}
    return {
        "description": f"For every {LAYERS.word(member)} that does not say it itself.",
        "type": "object",
        "properties": knobs,
        "additionalProperties": False,
        **advice,
        **also,
    }


def with_defaults(root: Node, wrong: Set[tuple[str | int, ...]]) -> Node:
    """The file, its layers with what `defaults` says.

    A knob in `wrong`, as (layer, knob), gets a value that is right: what is wrong is said where `defaults` has it.

    What is added stands at the layer's word, and comes from where `defaults` says it, as if through an alias.
    """
    written, layers = root.get("defaults"), root.get("layers")
    if written is None or not isinstance(written.value, dict) or layers is None:
        return root
    defaults = {
        word: {
            knob: _right(word, knob, value) if (word, knob) in wrong else value
            for knob, value in knobs.value.items()
            if knob in shared(LAYERS.members[word])
        }
        for word, knobs in written.value.items()
        if word in LAYERS.members and isinstance(knobs.value, dict)
    }
    filled = _Filling(defaults).list_of(stack(), layers)
    return Node({**root.value, "layers": filled}, root.span, root.origin, root.keys)


def _right(word: str, knob: str, node: Node) -> Node:
    return Node(example(LAYERS.members[word].fields[knob].schema()), node.span)


class _Filling:
    """Fills layers in. What several aliases stand for is filled in once, for they may be many."""

    def __init__(self, defaults: Defaults) -> None:
        self.defaults = defaults
        self._known: dict[tuple[int, Span], tuple[Node, Node]] = {}
        """By the value and its place, the node before and after."""

    def list_of(self, kind: Kind, node: Node) -> Node:
        """A list of layers, or of such lists."""
        if not isinstance(node.value, list):
            return node
        below = self._entry if isinstance(kind, Stack) else lambda item: self.list_of(kind.kind, item)  # type: ignore[attr-defined]
        return Node([below(item) for item in node.value], node.span, node.origin)

    def _entry(self, node: Node) -> Node:
        """A layer, or a line of them."""
        key = id(node.value), node.span
        if isinstance(node.value, str) or key not in self._known:
            self._known[key] = node, self._filled(node)
        return self._known[key][1]

    def _filled(self, node: Node) -> Node:
        if isinstance(node.value, list):
            return Node([self._entry(item) for item in node.value], node.span, node.origin)
        if isinstance(node.value, str):
            word, place, own = node.value, node.span, Node({}, node.span)
        elif isinstance(node.value, dict) and len(node.value) == 1:
            word, own = next(iter(node.value.items()))
            place = node.keys[word]
        else:
            return node
        added = self._added(word, own)
        if word not in LAYERS.members or not isinstance(own.value, dict) or (isinstance(node.value, str) and not added):
            return node
        inside = {name: knob for name, knob in LAYERS.members[word].fields.items() if holds_layers(knob.kind)}
        knobs = {
            name: self.list_of(inside[name].kind, value) if name in inside else value
            for name, value in own.value.items()
        }
        knobs |= {name: Node(value.value, place, value.span, value.keys) for name, value in added.items()}
        inner = Node(knobs, own.span, own.origin, {**own.keys, **dict.fromkeys(added, place)})
        return Node({word: inner}, node.span, node.origin, {word: place})

    def _added(self, word: str, own: Node) -> dict[str, Node]:
        """What `defaults` says of a layer that it does not say itself, nor says otherwise."""
        if word not in self.defaults or not isinstance(own.value, dict):
            return {}
        said = {
            *own.value,
            *(other for pair in LAYERS.members[word].instead if {*pair} & {*own.value} for other in pair),
        }
        return {knob: value for knob, value in self.defaults[word].items() if knob not in said}
