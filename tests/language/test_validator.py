"""Our part of JSON schema finds what jsonschema finds, by path and keyword."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator
from jsonschema.validators import extend

from tests.fuzz.mutate import Mutator, corpus
from tests.fuzz.test_fuzz import SECTIONS
from xonet.diagnostics import Source
from xonet.language.nodes import Node
from xonet.language.scalars import flow
from xonet.language.text import read
from xonet.language.validator import TYPES, errors
from xonet.network.schema import schema

CHECKER = Draft202012Validator.TYPE_CHECKER.redefine_many(
    {name: lambda _, value, kind=name: TYPES[kind](value) for name in ("integer", "number")}
)
THEIRS = extend(Draft202012Validator, type_checker=CHECKER)(schema())


def agree(root: Node) -> None:
    plain = root.plain()
    theirs = {(tuple(error.absolute_path), error.validator) for error in THEIRS.iter_errors(plain)}
    ours = {(error.path, error.keyword) for error in errors(schema(), root, schema()["$defs"])}
    assert ours == theirs


def node_of(text: str) -> Node | None:
    return read(Source("a.yaml", text))[0]


@pytest.mark.parametrize("raw", corpus(), ids=lambda raw: "")
def test_the_corpus(raw: bytes) -> None:
    root = node_of(raw.decode("utf-8", "replace"))
    if root is not None:
        agree(root)


def test_mutated_files() -> None:
    mutator, read_ones = Mutator(3), 0
    while read_ones < 300:
        root = node_of(mutator.token(mutator.token(mutator.random.choice(mutator.seeds))).decode("utf-8", "replace"))
        if root is not None:
            read_ones += 1
            agree(root)


@given(SECTIONS)
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_trees_of_the_languages_words(tree: dict[str, Any]) -> None:
    root = node_of("\n".join(f"{key}: {flow(value)}" for key, value in tree.items()))
    if root is not None:
        agree(root)


def test_keywords_of_the_schema_are_known() -> None:
    known = set("""
        $ref if then else type enum properties additionalProperties required minProperties maxProperties items minItems
        maxItems uniqueItems minimum maximum exclusiveMinimum exclusiveMaximum minLength pattern
    """.split())  # fmt: skip
    said = {"$schema", "$defs", "title", "description", "default", "examples", "patternErrorMessage"}

    def keywords(part: Any) -> set[str]:
        found = set(part)
        for keyword, inner in part.items():
            if keyword in ("properties", "$defs"):
                found = found.union(*map(keywords, inner.values()))
            elif isinstance(inner, dict) and keyword not in said and not keyword.startswith("x-"):
                found |= keywords(inner)
        return found

    assert {word for word in keywords(schema()) - known - said if not word.startswith("x-")} == set()
