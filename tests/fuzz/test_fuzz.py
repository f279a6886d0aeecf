"""A short slice of fuzzing; `python -m tests.fuzz` is the long run."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.judge import judge
from tests.fuzz.mutate import Mutator, corpus
from xonet.diagnostics import Source
from xonet.language.fixes import fixed
from xonet.language.scalars import flow
from xonet.network import check_text
from xonet.network.schema import schema

INPUTS = 3000

QUIET = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


@pytest.mark.parametrize("seed", range(3))
def test_mutated_files(seed: int) -> None:
    mutator = Mutator(seed)
    for number in range(INPUTS // 3):
        raw = mutator.next()
        try:
            judge(raw, write=number % 8 == 0)
        except Exception as error:
            raise AssertionError(f"input {number} of seed {seed}: {raw!r}") from error


def test_what_hides_behind_too_many_faults_is_not_taken_for_sound() -> None:
    text = "xonet: 1\ninput: {height: 9, width: 9}\nlayers:\n" + "  - max_pool2d: {window: a}\n" * 700
    codes = {finding.code for finding in judge(f"{text}training: {{loss: crossentropy, epochs: 1}}\n".encode())}
    assert codes == {"wrong-type", "too-many-findings"}


def test_a_seed_makes_the_same_files() -> None:
    first, second = Mutator(7), Mutator(7)
    assert [first.next() for _ in range(50)] == [second.next() for _ in range(50)]


@given(st.binary(max_size=300))
@QUIET
def test_bytes(raw: bytes) -> None:
    judge(raw)


@given(st.text(max_size=300))
@QUIET
def test_text(text: str) -> None:
    judge(text.encode("utf-8", "surrogatepass"))


def words(node: Any) -> set[str]:
    """Every word of the language: keys, choices, and names from elsewhere."""
    found: set[str] = set()
    if isinstance(node, dict):
        found |= set(node.get("properties", {})) | {w for w in node.get("enum", []) if isinstance(w, str)}
        found |= set(node.get("x-also", [])) | set(node.get("x-advice", {}))
        found = found.union(*map(words, node.values()))
    elif isinstance(node, list):
        found = found.union(*map(words, node))
    return found


WORDS = st.sampled_from(sorted(words(schema())))
SCALARS = st.one_of(
    WORDS, st.none(), st.booleans(), st.integers(), st.integers(-2, 9), st.floats(), st.text(max_size=9)
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4), max_leaves=12
)
SECTIONS = st.fixed_dictionaries(
    {"xonet": st.just(1), "input": st.just({"height": 9, "width": 9}) | VALUES, "layers": st.lists(VALUES) | VALUES},
    optional={name: VALUES for name in ("output", "data", "training", "expect", "knobs", "name")},
)


@given(SECTIONS)
@QUIET
def test_trees_of_the_languages_words(tree: dict[str, Any]) -> None:
    judge("\n".join(f"{key}: {flow(value)}" for key, value in tree.items()).encode())


@given(st.sampled_from(corpus()), st.integers(0, 2**32))
@QUIET
def test_fixes_come_to_an_end(raw: bytes, seed: int) -> None:
    text = Mutator(seed, [raw]).token(raw).decode("utf-8", "replace")
    after, _, left = fixed(Source("fuzz.yaml", text), lambda source: check_text(source)[1])
    assert not any(finding.fix for finding in left if finding.span.source is after)
