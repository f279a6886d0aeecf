"""The words that findings about the form share: names, kinds, examples, near misses."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any

from xonet.language.limits import CHOICES
from xonet.language.scalars import flow

KINDS = {
    "integer": "a whole number",
    "number": "a number",
    "string": "text",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
}
"""What a JSON schema's type is called."""


def same_name(name: str) -> str:
    """A name in the one Unicode form (NFC) in which names are compared: systems differ in how they write é."""
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def same_value(value: Any) -> str:
    """What two entries of a list have in common that are the same: their text, whatever Unicode form it is in."""
    return flow(same_name(value) if isinstance(value, str) else value)


def closest(word: str, words: Iterable[str]) -> str:
    """The one of `words` that was most probably meant; empty where none is near."""
    # difflib is imported where something is wrong, so that a valid file does not pay for it.
    from difflib import get_close_matches

    words = list(words)
    if len(words) > CHOICES:
        return ""
    near = get_close_matches(word.lower(), words, 1) or [known for known in words if word.lower() == known[::-1]]
    inside = [
        known for known in words if min(len(word), len(known)) > 2 and (word.lower() in known or known in word.lower())
    ]
    return next(iter([*near, *inside]), "")


def did_you_mean(word: str, words: Iterable[str]) -> str:
    """A question where one of `words` is near, a list of them where none is."""
    words = list(words)
    near = closest(word, words)
    return f"did you mean {near}?" if near else f"write one of {', '.join(words)}"


def shown(value: Any) -> str:
    """A value as a message names it: short, as the user would type it."""
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "a mapping"
    if value is None:
        return "nothing"
    text = flow(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def example(knob: dict[str, Any]) -> Any:
    """A value that a knob's schema would take, the one its declaration shows; None where it shows none."""
    if "examples" in knob:
        return knob["examples"][0]
    if knob.get("default") is not None:
        return knob["default"]
    if "else" in knob:
        return example(knob["else"])
    if "properties" in knob:
        return {key: example(knob["properties"][key]) for key in knob.get("required", [])}
    return None
