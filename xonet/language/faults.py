"""Findings about one value's form, one function a keyword of JSON schema: what is wrong, and what to type."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from xonet.diagnostics import Diagnostic, Fix, Note, Span
from xonet.language.fixes import rename, write
from xonet.language.limits import REAL, SIZE, TINY, WHOLE
from xonet.language.member import unknown
from xonet.language.nodes import Node
from xonet.language.scalars import flow, resolve
from xonet.language.spelling import Meant, all_meant, meant
from xonet.language.words import KINDS, closest, did_you_mean, example, same_value, shown

_FLAGS = {"yes": "true", "on": "true", "true": "true", "no": "false", "off": "false", "false": "false"}
ENGINE: dict[float, str] = {
    **dict.fromkeys((WHOLE, WHOLE + 1), "it is a 64-bit integer"),
    **dict.fromkeys((REAL, TINY), "it is a 32-bit float"),
    SIZE: "sizes are 32-bit integers",
}
"""Bounds that are the engine's, and not the field's own, each with what it comes from."""
_EXACT = 2**53
"""Whole numbers below it are the same as floats."""
_BEFORE = re.compile(r"[ -]*")
_COLON = re.compile(r"(?P<colon>[ \t]*:)[ \t]*(?:#[^\r\n]*)?(?=[\r\n]|$)")


@dataclass(frozen=True)
class Fault:
    """One error of the validator."""

    node: Node
    path: tuple[str | int, ...]
    key: Span | None
    """The place of the key that the value belongs to."""
    bound: Any
    """What the keyword asks for: the schema's `minimum`, its list of words."""
    schema: dict[str, Any]
    """The schema that was not kept."""
    knob: dict[str, Any]
    """The schema that declares the value, with help and example."""
    is_member: bool
    """Whether the value holds the knobs of a layer, a loss, ..."""

    @property
    def name(self) -> str:
        """What the value is called."""
        names = [step for step in self.path if isinstance(step, str)]
        if not self.path:
            return "the file"
        if isinstance(self.path[-1], int):
            return f"entry {self.path[-1] + 1}" + (f" of {names[-1]}" if names else "")
        return names[-1]

    @property
    def span(self) -> Span:
        """The value; where nothing is written, its key."""
        return self.key if self.key is not None and self.node.span.is_empty else self.node.span

    def found(
        self, code: str, message: str, help: str = "", span: Span | None = None, fix: Fix | None = None
    ) -> Diagnostic:
        """A finding here."""
        return Diagnostic(code, message, span or self.span, help=help, fix=fix)


def _wrong_type(fault: Fault) -> Iterator[Diagnostic]:
    value, kind = fault.node.plain(), fault.bound
    if value is None:
        yield _missing_value(fault)
        return
    if isinstance(value, float) and not math.isfinite(value):
        yield fault.found("wrong-type", f"{fault.name} must be a finite number", _such_as(fault))
        return
    help, instead = "", ""
    if kind == "integer" and isinstance(value, float) and value.is_integer():
        help = f"write {int(value)}"
        instead = str(int(value)) if abs(value) < _EXACT else ""
    elif kind in ("integer", "number") and isinstance(value, str) and re.fullmatch(r"[+-]?\d+(_\d+)+", value):
        help, instead = f"write {value.replace('_', '')}", value.replace("_", "")
    elif kind in ("integer", "number") and isinstance(value, str) and type(resolve(value or "~")) in (int, float):
        help, instead = f"write {value} without quotes", value
    elif kind == "boolean" and isinstance(value, str):
        word = _FLAGS.get(value.lower())
        help, instead = f"write {word}" if word else "write true or false", word or ""
    elif kind == "string" and isinstance(value, bool | int | float):
        help = f'write "{typed(fault.node)}" in quotes'
        instead = f'"{fault.node.span.text}"'
    elif kind == "array" and _could_be_entry(fault) and len(typed(fault.node)) <= 60:
        help = f"write a list: [{typed(fault.node)}]"
    said = "text" if isinstance(value, str) and help.endswith("quotes") else shown(value)
    yield fault.found(
        "wrong-type",
        f"{fault.name} must be {KINDS[kind]}, not {said}",
        help or _such_as(fault),
        fix=write(fault.node.span, instead) if instead else None,
    )


def typed(node: Node) -> str:
    """A value as it was typed (`001`, `0x1F`, `1e3`), which its parsed value may not say; of several lines, as flow."""
    if isinstance(node.value, list | dict | str) or node.value is None:
        return flow(node.plain())
    return (node.origin or node.span).text or flow(node.value)


def _could_be_entry(fault: Fault) -> bool:
    """Whether the value is what a list's entries are, as far as the example shows."""
    sample = example(fault.knob)
    return not sample or isinstance(fault.node.value, type(sample[0]))


def _missing_value(fault: Fault) -> Diagnostic:
    if fault.is_member and "properties" in fault.knob and not fault.knob.get("required"):
        return fault.found(
            "missing-value",
            f"nothing follows {fault.name}:",
            f"write {fault.name} without the colon",
            fix=_without_colon(fault.key),
        )
    return fault.found("missing-value", f"{fault.name} has no value", _such_as(fault))


def _without_colon(key: Span | None) -> Fix | None:
    """Removes the colon after a key that is alone on its line; between braces the word would still be a key."""
    if key is None:
        return None
    rest = _COLON.match(key.source.text, key.end)
    before = _BEFORE.match(key.source.text, key.source.offset(key.line, 1))
    if rest is None or before is None or before.end() < key.start:
        return None
    return write(key.source.span(key.end, rest.end("colon")), "")


def _such_as(fault: Fault) -> str:
    sample = example(fault.knob)
    name = fault.path[-1] if fault.path else 0
    if sample is None or sample == {}:
        return f"write {KINDS.get(fault.bound, 'a value')}"
    return (
        f"write {flow(sample)}, for example" if isinstance(name, int) else f"write {name}: {flow(sample)}, for example"
    )


def _unknown_word(fault: Fault) -> Iterator[Diagnostic]:
    words = [flow(word) for word in fault.bound]
    help, fix, value = f"write {words[0]}", None, fault.node.value
    if len(words) > 1:
        help = did_you_mean(flow(value), words)
        guess = meant(value, {word: {} for word in words}) if isinstance(value, str) else None
        if guess and guess.certain:
            help, fix = f"write {guess.word}", rename(fault.node.span, value, guess.word)
    yield fault.found("unknown-word", f"{fault.name} cannot be {shown(value)}", help, fix=fix)


def _no_name(fault: Fault) -> Iterator[Diagnostic]:
    """A word that is none of many, which have names in other programs."""
    schema, word = fault.schema, fault.node.value
    if isinstance(word, str):  # otherwise the keyword `type` tells it
        yield unknown(schema["x-noun"], schema["x-words"], schema["x-advice"], word, fault.node.span)


def _missing_key(fault: Fault) -> Iterator[Diagnostic]:
    properties, written = fault.schema.get("properties", {}), fault.node.value
    strays = all_meant(written, properties, fault.schema.get("x-advice"))
    missing = [key for key in fault.bound if key not in written and key not in strays]
    # A list of keys is underlined at its name; the file as a whole at its first key.
    place = fault.key or next(iter(fault.node.keys.values()), fault.node.span)
    for key in missing:
        sample = example(properties[key])
        text = f"{key}: {flow(sample)}" if sample is not None else key
        yield fault.found("missing-key", f"{fault.name} needs {key}", f"add {text}, for example", place)


def _unknown_key(fault: Fault) -> Iterator[Diagnostic]:
    known, written = fault.schema.get("properties", {}), fault.node.value
    if "x-keys" in fault.schema:
        yield from _wrong_keys(fault)
        return
    for key, place in fault.node.keys.items():
        if key in known or any(re.search(pattern, key) for pattern in fault.schema.get("patternProperties", ())):
            continue
        guess = meant(key, known, fault.schema.get("x-advice"))
        if guess.foreign:
            yield _foreign_key(fault, key, place, guess)
            continue
        free = [word for word in known if word not in written or _is_set(place)]
        guess = guess if guess.word in free else Meant(closest(key, free))
        help = f"did you mean {guess.word}?" if guess.word else f"{fault.name} takes {', '.join(known) or 'no keys'}"
        fix = rename(place, key, guess.word) if guess.certain else None
        yield fault.found("unknown-key", f"{fault.name} has no {shown(key)}", help, place, fix)


def _wrong_keys(fault: Fault) -> Iterator[Diagnostic]:
    """Keys of a mapping that takes any of a pattern: `x-keys` says what they are."""
    patterns = fault.schema["patternProperties"]
    for key, place in fault.node.keys.items():
        if not any(re.search(pattern, key) for pattern in patterns):
            what = fault.schema["x-keys"]
            yield fault.found("unknown-key", f"{shown(key)} is not {what}", _such_as(fault), place)


def _is_set(place: Span) -> bool:
    """Whether a key comes from a `--set` argument: there it replaces what the file has, and is not one too many."""
    return place.source.name == "--set"


def _foreign_key(fault: Fault, key: str, place: Span, guess: Meant) -> Diagnostic:
    """A key that other programs have."""
    message = f"{fault.name} has no {key}"
    if guess.advice:
        text = typed(fault.node.value[key])
        value = text if len(text) <= 60 else "..."
        return fault.found("foreign-word", message, guess.advice.replace("{value}", value), place)
    if guess.word in fault.node.value and _is_set(place):
        return fault.found("foreign-word", message, f"did you mean {guess.word}?", place)
    if guess.word in fault.node.value:
        return fault.found("foreign-word", message, f"remove it: it is called {guess.word} here", place)
    fix = rename(place, key, guess.word)
    return fault.found("foreign-word", f"{message}: it is called {guess.word} here", f"write {guess.word}", place, fix)


def _out_of_range(words: str) -> Callable[[Fault], Iterator[Diagnostic]]:
    def finding(fault: Fault) -> Iterator[Diagnostic]:
        bound, value, sample = words.format(flow(fault.bound)), shown(fault.node.value), example(fault.knob)
        help = f"use {bound}" + (f", such as {flow(sample)}" if type(sample) in (int, float) else "")
        if abs(fault.bound) in ENGINE:
            help += f": {ENGINE[abs(fault.bound)]}"
        yield fault.found("out-of-range", f"{fault.name} must be {bound}, not {value}", help)

    return finding


def _wrong_length(fault: Fault) -> Iterator[Diagnostic]:
    low, high = fault.schema.get("minItems", 0), fault.schema.get("maxItems")
    count = f"{low}" if low == high else f"{low} or more" if high is None else f"{low} to {high}"
    entries = "entry" if count == "1" else "entries"
    yield fault.found(
        "wrong-length",
        f"{fault.name} takes {count} {entries}, but has {len(fault.node.value)}",
        _such_as(fault) if example(fault.knob) is not None else f"write {count} {entries}",
    )


def _twice(fault: Fault) -> Iterator[Diagnostic]:
    first: dict[str, Node] = {}
    for item in fault.node.value:
        text = flow(item.plain())
        same = same_value(item.plain())
        if same in first:
            note = Note(f"{text} is first given here", first[same].span)
            yield Diagnostic("duplicate-entry", f"{text} is given twice", item.span, notes=(note,), help="keep one")
        first.setdefault(same, item)


def _empty_text(fault: Fault) -> Iterator[Diagnostic]:
    yield fault.found("missing-value", f"{fault.name} is empty", _such_as(fault))


def _empty_mapping(fault: Fault) -> Iterator[Diagnostic]:
    yield fault.found("missing-value", f"{fault.name} is empty", _such_as(fault))


def _pattern(fault: Fault) -> Iterator[Diagnostic]:
    if fault.node.value:
        fits = re.sub(r"[^A-Za-z0-9_-]+", "_", fault.node.value).strip("_")
        advice = fault.schema["patternErrorMessage"]
        help = f"{advice}: {fits}" if len(fits) <= 40 and re.search(fault.bound, fits) else advice
        yield fault.found("bad-name", f"{fault.name} cannot be {shown(fault.node.value)}", help)


FAULTS: dict[str, Callable[[Fault], Iterator[Diagnostic]]] = {
    "type": _wrong_type,
    "enum": _unknown_word,
    "anyOf": _no_name,
    "required": _missing_key,
    "additionalProperties": _unknown_key,
    "minimum": _out_of_range("{} or more"),
    "maximum": _out_of_range("{} or less"),
    "exclusiveMinimum": _out_of_range("a number above {}"),
    "exclusiveMaximum": _out_of_range("a number below {}"),
    "minItems": _wrong_length,
    "maxItems": _wrong_length,
    "uniqueItems": _twice,
    "minLength": _empty_text,
    "minProperties": _empty_mapping,
    "pattern": _pattern,
}
"""By the keyword of JSON schema that a value does not keep."""
