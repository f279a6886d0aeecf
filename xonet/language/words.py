"""The words that findings about the form share: names, kinds, examples, near misses."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from heapq import nlargest, nsmallest
from itertools import islice
from typing import Any

from xonet.language.limits import CHOICES, COMPARED, LETTERS
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
NEAR = 0.6
"""How alike two words are of which one may have been meant for the other: of all letters, the share that they have in
common in the same order (difflib's ratio)."""


def same_name(name: str) -> str:
    """A name in the one Unicode form (NFC) in which names are compared: systems differ in how they write é."""
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def same_value(value: Any) -> str:
    """What two entries of a list have in common that are the same: their text, whatever Unicode form it is in."""
    return flow(same_name(value) if isinstance(value, str) else value)


def closest(word: str, words: Iterable[str]) -> str:
    """The one of `words` that was most probably meant; empty where none is near."""
    # difflib is imported where something is wrong, so that a valid file does not pay for it.
    from difflib import SequenceMatcher

    if len(word) > LETTERS:
        return ""
    word = word.lower()
    compared = nsmallest(COMPARED, islice(words, CHOICES), key=lambda known: abs(len(known) - len(word)))
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(word)
    rough: list[tuple[float, str]] = []
    for known in compared:
        matcher.set_seq1(known)
        rough.append((matcher.quick_ratio(), known))
    best, near = 0.0, ""
    for most, known in nlargest(5, rough, key=lambda pair: pair[0]):  # a quick ratio is never less than the true one
        matcher.set_seq1(known)
        if most > best and (ratio := matcher.ratio()) > best:
            best, near = ratio, known
    if best >= NEAR:
        return near
    backwards = [known for known in compared if word == known[::-1]]
    inside = [known for known in compared if min(len(word), len(known)) > 2 and (word in known or known in word)]
    return next(iter([*backwards, *inside]), "")


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


def counted(number: float, noun: str) -> str:
    """A number and what there are so many of: `1 picture`, `2,000 pictures`, `2.5 epochs`."""
    return f"{number:,} {noun if number == 1 else plural(noun)}"


def plural(noun: str) -> str:
    """More than one of it."""
    return f"{noun}es" if noun.endswith("ss") else f"{noun}s"
