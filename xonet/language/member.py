"""Findings about a value that must be one member of a family: a layer, a loss, a source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xonet.diagnostics import Diagnostic, Span
from xonet.language.fixes import rename
from xonet.language.nodes import Node
from xonet.language.scalars import flow
from xonet.language.spelling import meant
from xonet.language.words import did_you_mean, example, plural, shown

Members = dict[str, dict[str, Any]]
"""The schema of each member's knobs, by its word."""


def member_faults(
    noun: str, members: Members, advice: Mapping[str, str], node: Node, key: Span | None
) -> list[Diagnostic]:
    """What keeps `node` from being one member; nothing where it is one, whatever its knobs are.

    `advice` is about words from elsewhere. `key` is the place of the key that `node` is the value of, None for an entry
    of a list.
    """
    if isinstance(node.value, str):
        return _word(noun, members, advice, node)
    if not isinstance(node.value, dict) or not node.value:
        return [_no_member(noun, node, key)]
    if len(node.value) > 1:
        return _by_type(noun, members, node) or _several(noun, members, advice, node)
    word = next(iter(node.value))
    return [] if word in members else [unknown(noun, members, advice, word, node.keys[word])]


def _word(noun: str, members: Members, advice: Mapping[str, str], node: Node) -> list[Diagnostic]:
    word = node.value
    if word not in members:
        return [unknown(noun, members, advice, word, node.span)]
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
            help=f"write the {noun}'s name, or remove the line",
        )
    said = "an empty mapping" if node.value == {} else shown(node.value)
    return Diagnostic(
        "wrong-type",
        f"a {noun} must be a name, or a mapping with one name, not {said}",
        node.span,
        help="write its name",
    )


def _by_type(noun: str, members: Members, node: Node) -> list[Diagnostic]:
    """A member whose name is a value, as other programs write it: `{type: sgd, learning_rate: 0.1}`."""
    first = next(iter(node.value))
    named = node.value[first].value
    if first not in ("type", "name", "class_name", "kind", noun) or first in members or not isinstance(named, str):
        return []
    word = meant(named, members).word or named
    knobs = {key: value.plain() for key, value in node.value.items() if key != first}
    said = flow({word: knobs})
    return [
        Diagnostic(
            "foreign-word",
            f"the {noun}'s name is a key, with its knobs below it",
            node.keys[first],
            help=f"write {said[1:-1] if len(said) <= 80 else f'{word}: and indent its knobs below it'}",
        )
    ]


def _several(noun: str, members: Members, advice: Mapping[str, str], node: Node) -> list[Diagnostic]:
    words = list(node.value)
    first, second = words[0], words[1]
    knobs = members.get(first, {}).get("properties", {})
    if node.value[first].value is None and all(word in knobs for word in words[1:]):
        return [
            Diagnostic(
                "wrong-indent",
                f"{second} is a knob of {first}, and must be indented below it",
                node.keys[second],
                help=f"indent {' and '.join(words[1:])} deeper than {first}",
            )
        ]
    strange = [word for word in words if word not in members]
    if strange:
        return [unknown(noun, members, advice, word, node.keys[word]) for word in strange]
    return [
        Diagnostic(
            "two-in-one",
            f"{first} and {second} are two {plural(noun)}, but only one is allowed here",
            node.keys[second],
            help=f"start a new line with - {second}"
            if noun in ("layer", "augmentation")
            else f"keep {first} or {second}",
        )
    ]


def unknown(noun: str, members: Members, advice: Mapping[str, str], word: str, place: Span) -> Diagnostic:
    """The finding about a word that no member has."""
    message, guess = f"there is no {noun} {shown(word)}", meant(word, members, advice)
    if guess.advice:
        return Diagnostic("foreign-word", message, place, help=guess.advice)
    fix = rename(place, word, guess.word) if guess.certain else None
    if guess.foreign:
        return Diagnostic(
            "foreign-word", f"{message}: it is called {guess.word} here", place, help=f"write {guess.word}", fix=fix
        )
    help = f"did you mean {guess.word}?" if guess.certain else did_you_mean(word, members)
    if noun == "layer" and help.startswith("write"):
        help = "`xonet layers` lists every layer"
    return Diagnostic(f"unknown-{noun}", message, place, help=help, fix=fix)
