"""The part of JSON schema that the language's schemas use, over nodes: every error with its path and keyword.

A library for all of JSON schema costs more time to import than a file costs to check. A test holds this one against
`jsonschema`: the same errors for the same values.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from xonet.language.nodes import Node
from xonet.language.scalars import flow

Path = tuple[str | int, ...]
Schema = dict[str, Any]


class Error(NamedTuple):
    """A keyword that a value does not keep."""

    path: Path
    keyword: str
    schema: Schema
    """The schema that has the keyword."""


def errors(schema: Schema, node: Node, definitions: dict[str, Schema], path: Path = ()) -> Iterator[Error]:
    """What a value does not keep of a schema; `$ref` points into `definitions`."""
    while "$ref" in schema:
        schema = definitions[schema["$ref"].removeprefix("#/$defs/")]
    value = node.value
    if "type" in schema and not TYPES[schema["type"]](value):
        yield Error(path, "type", schema)
    if "enum" in schema and not any(same(value, word) for word in schema["enum"]):
        yield Error(path, "enum", schema)
    if isinstance(value, dict):
        yield from _of_mapping(schema, node, definitions, path)
    elif isinstance(value, list):
        yield from _of_list(schema, node, definitions, path)
    else:
        for keyword, breaks in _SCALARS:
            if keyword in schema and breaks(value, schema[keyword]):
                yield Error(path, keyword, schema)
    if "if" in schema:
        yield from errors(schema["then" if holds(schema["if"], node) else "else"], node, definitions, path)


def holds(condition: Schema, node: Node) -> bool:
    """Whether an `if` of the language's schemas holds: each asks for a type, or for keys."""
    if "required" in condition:
        return not isinstance(node.value, dict) or all(key in node.value for key in condition["required"])
    return TYPES[condition["type"]](node.value)


def _of_mapping(schema: Schema, node: Node, definitions: dict[str, Schema], path: Path) -> Iterator[Error]:
    value: dict[str, Node] = node.value
    known: dict[str, Schema] = schema.get("properties", {})
    more = schema.get("additionalProperties", True)
    for key, inner in value.items():
        if key in known:
            yield from errors(known[key], inner, definitions, (*path, key))
        elif isinstance(more, dict):
            yield from errors(more, inner, definitions, (*path, key))
    if more is False and not value.keys() <= known.keys():
        yield Error(path, "additionalProperties", schema)
    if not all(key in value for key in schema.get("required", ())):
        yield Error(path, "required", schema)
    if len(value) < schema.get("minProperties", 0):
        yield Error(path, "minProperties", schema)
    if len(value) > schema.get("maxProperties", math.inf):
        yield Error(path, "maxProperties", schema)


def _of_list(schema: Schema, node: Node, definitions: dict[str, Schema], path: Path) -> Iterator[Error]:
    value: list[Node] = node.value
    if "items" in schema:
        for index, inner in enumerate(value):
            yield from errors(schema["items"], inner, definitions, (*path, index))
    if len(value) < schema.get("minItems", 0):
        yield Error(path, "minItems", schema)
    if len(value) > schema.get("maxItems", math.inf):
        yield Error(path, "maxItems", schema)
    if schema.get("uniqueItems") and len({flow(inner.plain()) for inner in value}) < len(value):
        yield Error(path, "uniqueItems", schema)


def same(value: Any, word: Any) -> bool:
    """Whether two scalars are one; true is not 1."""
    return bool(value == word) and isinstance(value, bool) == isinstance(word, bool)


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return _is_integer(value) or (isinstance(value, float) and math.isfinite(value))


def _text(breaks: Callable[[str, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda value, bound: isinstance(value, str) and breaks(value, bound)


def _number(breaks: Callable[[float, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda value, bound: _is_number(value) and breaks(value, bound)


_SCALARS: tuple[tuple[str, Callable[[Any, Any], bool]], ...] = (
    ("minimum", _number(lambda value, bound: value < bound)),
    ("maximum", _number(lambda value, bound: value > bound)),
    ("exclusiveMinimum", _number(lambda value, bound: value <= bound)),
    ("exclusiveMaximum", _number(lambda value, bound: value >= bound)),
    ("minLength", _text(lambda value, bound: len(value) < bound)),
    ("pattern", _text(lambda value, bound: re.search(bound, value) is None)),
)
TYPES: dict[str, Callable[[Any], bool]] = {
    "integer": _is_integer,
    "number": _is_number,
    "string": lambda value: isinstance(value, str),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
    "boolean": lambda value: isinstance(value, bool),
}
"""What JSON schema's types are here; infinity is no number."""
