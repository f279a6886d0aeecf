"""Findings about a value that must be one member of a family: a layer, a loss, a source."""

from __future__ import annotations

from typing import Any

from xonet.diagnostics import Diagnostic, Span
from xonet.language.nodes import Node
from xonet.language.scalars import flow
from xonet.language.words import did_you_mean, example, shown

Members = dict[str, dict[str, Any]]
"""The schema of each member's knobs, by its word."""


def member_faults(noun: str, members: Members, node: Node, key: Span | None) -> list[Diagnostic]:
    """What keeps `node` from being one member; nothing where it is one, whatever its knobs are.

    `key` is the place of the key that `node` is the value of, and None for an entry of a list.
    """
    if isinstance(node.value, str):
        return _word(noun, members, node)
    if not isinstance(node.value, dict) or not node.value:
        return [_no_member(noun, node, key)]
    if len(node.value) > 1:
        return _several(noun, members, node)
    word = next(iter(node.value))
    return [] if word in members else [_unknown(noun, members, word, node.keys[word])]


def _word(noun: str, members: Members, node: Node) -> list[Diagnostic]:
    word = node.value
    if word not in members:
        return [_unknown(noun, members, word, node.span)]
    required = members[word].get("required", [])
    if not required and "properties" in members[word]:
        return []
    needs = " and ".join(required) or "a value"
    sample = example(members[word])
    return [
        Diagnostic("missing-key", f"{word} needs {needs}", node.span, help=f"write {word}: {flow(sample)}, for example")
    ]


def _no_member(noun: str, node: Node, key: Span | None) -> Diagnostic:
    if node.value is None and node.span.is_empty:
        return Diagnostic(
            "missing-value",
            f"a {noun} is missing here",
            key or node.span,
            help=f"write the {noun}'s name, or take the line away",
        )
    said = "an empty mapping" if node.value == {} else shown(node.value)
    return Diagnostic(
        "wrong-type", f"a {noun} is a name, or a mapping with one, and this is {said}", node.span, help="write its name"
    )


def _several(noun: str, members: Members, node: Node) -> list[Diagnostic]:
    words = list(node.value)
    first, second = words[0], words[1]
    knobs = members.get(first, {}).get("properties", {})
    if node.value[first].value is None and all(word in knobs for word in words[1:]):
        return [
            Diagnostic(
                "wrong-indent",
                f"{second} is a knob of {first}, and must stand below it",
                node.keys[second],
                help=f"indent {' and '.join(words[1:])} deeper than {first}",
            )
        ]
    unknown = [_unknown(noun, members, word, node.keys[word]) for word in words if word not in members]
    if unknown:
        return unknown
    return [
        Diagnostic(
            "two-in-one",
            f"{first} and {second} are two {_plural(noun)}, and one can stand here",
            node.keys[second],
            help=f"begin a new line with - {second}"
            if noun in ("layer", "augmentation")
            else f"keep {first} or {second}",
        )
    ]


def _unknown(noun: str, members: Members, word: str, place: Span) -> Diagnostic:
    help = did_you_mean(word, members)
    if noun == "layer" and help.startswith("write"):
        help = "`xonet layers` names every layer"
    return Diagnostic(f"unknown-{noun}", f"there is no {noun} {shown(word)}", place, help=help)


def _plural(noun: str) -> str:
    return "losses" if noun == "loss" else f"{noun}s"
