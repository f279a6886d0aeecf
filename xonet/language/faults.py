"""Findings about one value's form, one function a keyword of JSON schema: what is wrong, and what to type."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from xonet.diagnostics import Diagnostic, Note, Span
from xonet.language.nodes import Node
from xonet.language.scalars import flow, resolve
from xonet.language.words import KINDS, closest, did_you_mean, example, shown


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

    def found(self, code: str, message: str, help: str = "", span: Span | None = None) -> Diagnostic:
        """A finding here."""
        return Diagnostic(code, message, span or self.span, help=help)


def _wrong_type(fault: Fault) -> Iterator[Diagnostic]:
    value, kind = fault.node.plain(), fault.bound
    if value is None:
        yield _missing_value(fault)
        return
    if isinstance(value, float) and not math.isfinite(value):
        yield fault.found("wrong-type", f"{fault.name} must be a finite number", _such_as(fault))
        return
    help = ""
    if kind == "integer" and isinstance(value, float) and value.is_integer():
        help = f"write {int(value)}"
    elif kind in ("integer", "number") and isinstance(value, str) and type(resolve(value or "~")) in (int, float):
        help = f"write {value} without quotes"
    elif kind == "boolean" and isinstance(value, str):
        word = {"yes": "true", "on": "true", "no": "false", "off": "false"}.get(value.lower())
        help = f"write {word}" if word else "write true or false"
    elif kind == "string" and isinstance(value, bool | int | float):
        help = f'write "{flow(value)}" in quotes'
    elif kind == "array" and _could_be_entry(fault) and len(flow(value)) <= 60:
        help = f"write a list: {flow([value])}"
    said = "text" if isinstance(value, str) and help.endswith("quotes") else shown(value)
    yield fault.found("wrong-type", f"{fault.name} must be {KINDS[kind]}, and is {said}", help or _such_as(fault))


def _could_be_entry(fault: Fault) -> bool:
    """Whether the value is what a list's entries are, as far as the example shows."""
    sample = example(fault.knob)
    return not sample or isinstance(fault.node.value, type(sample[0]))


def _missing_value(fault: Fault) -> Diagnostic:
    if fault.is_member and "properties" in fault.knob and not fault.knob.get("required"):
        return fault.found("missing-value", f"nothing follows {fault.name}:", f"write {fault.name} without the colon")
    return fault.found("missing-value", f"{fault.name} has no value", _such_as(fault))


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
    help = f"write {words[0]}" if len(words) == 1 else did_you_mean(flow(fault.node.value), words)
    yield fault.found("unknown-word", f"{fault.name} cannot be {shown(fault.node.value)}", help)


def _missing_key(fault: Fault) -> Iterator[Diagnostic]:
    properties, written = fault.schema.get("properties", {}), fault.node.value
    strays = [closest(key, properties) for key in written if key not in properties]
    missing = [key for key in fault.bound if key not in written and key not in strays]
    # A list of keys is underlined at its name; the file as a whole at its first key.
    place = fault.key or next(iter(fault.node.keys.values()), fault.node.span)
    for key in missing:
        sample = example(properties[key])
        text = f"{key}: {flow(sample)}" if sample is not None else key
        yield fault.found("missing-key", f"{fault.name} needs {key}", f"add {text}, for example", place)


def _unknown_key(fault: Fault) -> Iterator[Diagnostic]:
    known = fault.schema.get("properties", {})
    for key, place in fault.node.keys.items():
        if key not in known:
            near = closest(key, [word for word in known if word not in fault.node.value])
            help = f"did you mean {near}?" if near else f"{fault.name} takes {', '.join(known) or 'no keys'}"
            yield fault.found("unknown-key", f"{fault.name} has no {shown(key)}", help, place)


def _out_of_range(words: str) -> Callable[[Fault], Iterator[Diagnostic]]:
    def finding(fault: Fault) -> Iterator[Diagnostic]:
        bound, value, sample = words.format(flow(fault.bound)), shown(fault.node.value), example(fault.knob)
        help = f"use {bound}" + (f", such as {flow(sample)}" if type(sample) in (int, float) else "")
        yield fault.found("out-of-range", f"{fault.name} must be {bound}, and is {value}", help)

    return finding


def _wrong_length(fault: Fault) -> Iterator[Diagnostic]:
    low, high = fault.schema.get("minItems", 0), fault.schema.get("maxItems")
    count = f"{low}" if low == high else f"{low} or more" if high is None else f"{low} to {high}"
    entries = "entry" if count == "1" else "entries"
    yield fault.found(
        "wrong-length",
        f"{fault.name} takes {count} {entries}, and has {len(fault.node.value)}",
        _such_as(fault) if example(fault.knob) is not None else f"write {count} {entries}",
    )


def _twice(fault: Fault) -> Iterator[Diagnostic]:
    first: dict[str, Node] = {}
    for item in fault.node.value:
        text = flow(item.plain())
        if text in first:
            note = Note(f"{text} stands here first", first[text].span)
            yield Diagnostic("duplicate-entry", f"{text} is given twice", item.span, notes=(note,), help="keep one")
        first.setdefault(text, item)


def _empty_text(fault: Fault) -> Iterator[Diagnostic]:
    yield fault.found("missing-value", f"{fault.name} is empty", _such_as(fault))


def _pattern(fault: Fault) -> Iterator[Diagnostic]:
    if fault.node.value:
        fits = re.sub(r"[^A-Za-z0-9_-]+", "_", fault.node.value).strip("_")
        advice = fault.schema["patternErrorMessage"]
        help = f"{advice}: {fits}" if re.search(fault.bound, fits) else advice
        yield fault.found("bad-name", f"{fault.name} cannot be {shown(fault.node.value)}", help)


FAULTS: dict[str, Callable[[Fault], Iterator[Diagnostic]]] = {
    "type": _wrong_type,
    "enum": _unknown_word,
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
    "pattern": _pattern,
}
"""By the keyword of JSON schema that a value does not keep."""
