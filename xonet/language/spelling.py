"""Which of the language's words was meant by another one: a name from another program, or a typo.

Every declaration carries its own names from elsewhere (`also`), and the schema hands them on as `x-also`; what has no
single word here, but something to say about it, stands in `x-advice`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, NamedTuple

from xonet.language.limits import CHOICES
from xonet.language.words import closest

_SHORTEST = 4
"""Letters of a word in which one slip still leaves no doubt."""


class Meant(NamedTuple):
    """What an unknown word stands for."""

    word: str = ""
    """The language's word; empty where none is near."""
    certain: bool = False
    """Whether it is unambiguous, so that it may be fixed automatically."""
    foreign: bool = False
    """Whether it is known from another program."""
    advice: str = ""
    """What to do if no single word replaces it."""


def meant(word: str, known: Mapping[str, Any], advice: Mapping[str, str] | None = None) -> Meant:
    """Looks for `word` among the schemas of the `known` words, then in `advice`, then for the nearest word."""
    plain = _plain(word)
    for name, schema in known.items():
        if plain == _plain(name):
            return Meant(name, certain=True, foreign=word != word.lower())
        if plain in map(_plain, schema.get("x-also", ())):
            return Meant(name, certain=True, foreign=True)
    for other, text in (advice or {}).items():
        if plain == _plain(other):
            return Meant(next((name for name in known if f"write {name}" in text), ""), foreign=True, advice=text)
    slips = [name for name in known if _is_slip(word.lower(), name)]
    if len(slips) == 1:
        return Meant(slips[0], certain=True)
    return Meant(closest(word, known))


def all_meant(written: Iterable[str], known: Mapping[str, Any], advice: Mapping[str, str] | None) -> set[str]:
    """The words that the unknown ones among the `written` stand for."""
    unknown = islice((word for word in written if word not in known), CHOICES)
    return {meant(word, known, advice).word for word in unknown}


def _plain(word: str) -> str:
    """A word as every habit of spelling has it: `MaxPool2d`, `max_pool2d` and `max-pool-2d` are one."""
    return "".join(letter for letter in word.lower() if letter not in "_- ")


def _is_slip(typed: str, word: str) -> bool:
    """Whether one letter is wrong, missing, too much, or swapped with its neighbour; a digit says what is meant."""
    if min(len(typed), len(word)) < _SHORTEST or typed == word:
        return False
    start = next((i for i, (a, b) in enumerate(zip(typed, word, strict=False)) if a != b), min(len(typed), len(word)))
    rest, other = typed[start:], word[start:]
    if len(typed) == len(word):
        swapped = rest[:2] == other[1::-1] and rest[2:] == other[2:]
        return swapped or (rest[1:] == other[1:] and not rest[0].isdigit() and not other[0].isdigit())
    longer, shorter = (rest, other) if len(rest) > len(other) else (other, rest)
    return longer[1:] == shorter and not longer[0].isdigit()
