"""The form of a file: a tree of nodes checked against the JSON schema, every error a finding at its exact place."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from xonet.diagnostics import Diagnostic, Note, Span
from xonet.language.faults import FAULTS, Fault
from xonet.language.limits import FINDINGS, REAL
from xonet.language.member import member_faults
from xonet.language.nodes import Node
from xonet.language.words import same_value
from xonet.lazily import lazily

Path = tuple[str | int, ...]

NUMBERS = "#/$defs/numbers"
_SAME = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}
"""Keywords that speak of one end: a value that does not keep both is told once."""
_RIGHT: set[tuple[str, str] | None] = set()
"""Parts of the schema, and words that are right there: layers without knobs and the like."""
_TYPES = {"string": str, "array": list, "object": dict, "boolean": bool}


def validator(schema: dict[str, Any]) -> Any:
    """Jsonschema's validator of a schema of this language: `2.0` is not whole, NaN and `true` are not numbers."""
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend

    types = Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer).redefine("number", _is_number)
    keywords = {"uniqueItems": _unique, "$ref": _reference, "if": _if}
    made: Any = extend(Draft202012Validator, keywords, type_checker=types)  # type: ignore[no-untyped-call]
    made.definitions = schema.get("$defs", {})
    return made(schema)


class Form:
    """Checks nodes against one schema; the validator is built only once."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self.schema = schema

    @lazily
    def _validator(self) -> Any:
        # jsonschema is the slowest import of `validate`, so it waits until a file is there to be checked.
        return validator(self.schema)

    def check(self, root: Node) -> tuple[list[tuple[Path, Diagnostic]], bool]:
        """What is wrong with a mapping: each finding with the path of the value it is about; and whether this is all.

        Of errors at one value the first of a keyword counts; where a value names no member of its family, or several,
        what lies inside it is not judged.
        """
        findings: list[tuple[Path, Diagnostic]] = []
        seen: set[tuple[Path, str]] = set()
        judged: set[Path] = set()
        errors = list(islice(self._validator.iter_errors(root.plain()), FINDINGS))
        for error in sorted(errors, key=lambda error: len(error.absolute_path)):
            path = tuple(error.absolute_path)
            keyword = _SAME.get(error.validator, error.validator)
            if (path, keyword) in seen or any(path[:length] in judged for length in range(len(path) + 1)):
                continue
            seen.add((path, keyword))
            faults = self._member_faults(root, path)
            if faults:
                judged.add(path)
            else:
                faults = list(islice(FAULTS[error.validator](self._fault(root, path, error)), FINDINGS))
            nodes = [root.at(list(path[:length])) for length in range(len(path) + 1)]
            findings += [(path, _through_alias(fault, nodes)) for fault in faults]
        return findings, len(errors) < FINDINGS

    def _member_faults(self, root: Node, path: Path) -> list[Diagnostic]:
        """What keeps the value at `path` from being one member of its family."""
        family = self._family(root, path)
        if not family:
            return []
        named = self.schema["$defs"][family]["else"]
        return member_faults(
            family, named["properties"], named.get("x-advice", {}), root.at(list(path)), _key(root, path)
        )

    def _fault(self, root: Node, path: Path, error: Any) -> Fault:
        return Fault(
            node=root.at(list(path)),
            path=path,
            key=_key(root, path),
            bound=error.validator_value,
            schema=error.schema,
            knob=self._knob(root, path),
            is_member=bool(path and self._family(root, path[:-1])),
        )

    def _family(self, root: Node, path: Path) -> str:
        """The noun of the family that the value at `path` must be a member of; empty where it need not."""
        schema, node = self._knob(root, path), root.at(list(path))
        while "$ref" in schema or "if" in schema:
            noun: str = schema.get("$ref", "").removeprefix("#/$defs/")
            if "title" in self.schema["$defs"].get(noun, {}):
                return noun
            schema = self._next(schema, node)
        return ""

    def _knob(self, root: Node, path: Path) -> dict[str, Any]:
        """The schema that declares the value at `path`, with its help and example."""
        schema, node = self.schema, root
        for step in path:
            inner = self._inside(schema, node)
            if isinstance(step, int):
                schema = inner.get("items", {})
            else:
                more = inner.get("additionalProperties", {})
                more = next(iter(inner.get("patternProperties", {}).values()), more)
                schema = inner.get("properties", {}).get(step, more if isinstance(more, dict) else {})
            node = node.at([step])
        return schema

    def _inside(self, schema: dict[str, Any], node: Node) -> dict[str, Any]:
        """The part of `schema` that speaks of a value such as `node`: references and `if`s followed."""
        while "$ref" in schema or "if" in schema:
            schema = self._next(schema, node)
        return schema

    def _next(self, schema: dict[str, Any], node: Node) -> dict[str, Any]:
        """Where a reference, or an `if`, leads for such a value as `node`."""
        if "$ref" in schema:
            referred: dict[str, Any] = self.schema["$defs"][schema["$ref"].removeprefix("#/$defs/")]
            return referred
        chosen: dict[str, Any] = schema["then" if _holds(schema["if"], node.value) else "else"]
        return chosen


def _through_alias(fault: Diagnostic, nodes: list[Node]) -> Diagnostic:
    """The finding at the last of `nodes`, each inside the one before; through an alias, with the value it stands for.

    What an alias stands for may be used elsewhere too, so nothing is fixed there.
    """
    origin = nodes[-1].origin
    notes = (Note("the value is here", origin),) if origin else ()
    fix = None if any(node.origin for node in nodes) else fault.fix
    return replace(fault, notes=(*fault.notes, *notes), fix=fix)


def _key(root: Node, path: Path) -> Span | None:
    """The place of the key whose value stands at `path`; None for an entry of a list, and for the whole."""
    return root.at(list(path[:-1])).keys.get(str(path[-1])) if path else None


def _holds(condition: dict[str, Any], value: Any) -> bool:
    """Whether an `if` of this language's schemas holds: each asks for a type, for a key, or for a list's length."""
    if "required" in condition:
        return not isinstance(value, dict) or all(key in value for key in condition["required"])
    if "minItems" in condition:
        return not isinstance(value, list) or len(value) >= condition["minItems"]
    return isinstance(value, _TYPES[condition["type"]])


def _unique(_: Any, wanted: bool, instance: Any, schema: Any) -> Iterator[Any]:
    """`uniqueItems` in one pass: jsonschema compares every entry with every other one where they cannot be sorted."""
    from jsonschema import ValidationError

    if wanted and isinstance(instance, list) and len(set(map(same_value, instance))) < len(instance):
        yield ValidationError("an entry is given twice")


def _reference(validator: Any, reference: str, instance: Any, schema: Any) -> Iterator[Any]:
    """`$ref`, with a short way for literal weights and for words that were right before: they may be most of a file."""
    if reference == NUMBERS and _all_numbers(instance):
        return
    known = (reference, instance) if isinstance(instance, str) else None
    if known in _RIGHT:
        return
    right = True
    for error in validator.descend(instance, validator.definitions[reference.removeprefix("#/$defs/")]):
        right = False
        yield error
    if known and right:
        _RIGHT.add(known)


def _if(validator: Any, condition: dict[str, Any], instance: Any, schema: dict[str, Any]) -> Iterator[Any]:
    """`if`, `then` and `else`, without a validator for the condition."""
    way = "then" if _holds(condition, instance) else "else"
    yield from validator.descend(instance, schema[way], schema_path=way)


def _all_numbers(value: Any) -> bool:
    if isinstance(value, list):
        return all(map(_all_numbers, value))
    return _is_number(None, value) and abs(value) <= REAL


def _is_integer(_: Any, value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(_: Any, value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
