"""The reader: values by YAML 1.2, places, aliases, --set, and what is wrong with a text."""

from __future__ import annotations

import math
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from xonet.diagnostics import Source, Span
from xonet.language.nodes import Node
from xonet.language.scalars import resolve
from xonet.language.text import decode, read


def plain(text: str, *arguments: str) -> Any:
    node, findings = read(Source("f.yaml", text), arguments)
    assert node is not None and not findings, findings
    return node.plain()


def codes(text: str, *arguments: str) -> list[tuple[int, int, str]]:
    findings = read(Source("f.yaml", text), arguments)[1]
    return [(found.span.line, found.span.column, found.code) for found in findings]


def spelled(span: Span) -> str:
    """The text a span covers, where it lies in one line."""
    assert span.line == span.end_line
    return span.source.line(span.line)[span.column - 1 : span.end_column - 1]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-3", 0.001),
        ("1.0e3", 1000.0),
        ("010", 10),
        ("0o10", 8),
        ("0x1F", 31),
        ("-3", -3),
        ("+.5", 0.5),
        ("1.", 1.0),
        ("on", "on"),
        ("off", "off"),
        ("yes", "yes"),
        ("no", "no"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("null", None),
        ("", None),
        (".inf", math.inf),
        ("-.INF", -math.inf),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("2020-01-01", "2020-01-01"),
        ("0b1", "0b1"),
        ("=", "="),
        ("'1'", "1"),
        ('"true"', "true"),
        ("e5", "e5"),
        (".", "."),
    ],
)
def test_scalars_follow_yaml_1_2(text: str, value: Any) -> None:
    found = plain(f"a: {text}\n")["a"]
    assert found == value and type(found) is type(value)


def test_not_a_number() -> None:
    assert math.isnan(plain("a: .nan")["a"])


def test_a_number_of_a_million_digits_is_read_at_once() -> None:
    assert plain(f"a: {'9' * 1_000_000}")["a"] == math.inf


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\na: 2\n", (2, 1, "duplicate-key")),
        ("a: !!python/name:os.system x\n", (1, 4, "tag")),
        ("a: !x [1]\n", (1, 4, "tag")),
        ("a: &x\n  !y\n  - 1\n", (2, 3, "tag")),
        ("a: &x [*x]\n", (1, 8, "alias-loop")),
        ("a: *x\n", (1, 4, "unknown-alias")),
        ("a: &x {b: 1}\nc: {<<: *x, b: 2}\n", (2, 13, "merge-overrides")),
        ("a: &x {b: 1}\nd: &y {b: 2}\nc: {<<: [*x, *y]}\n", (3, 10, "merge-overrides")),
        ("a: {<<: 3}\n", (1, 9, "merge")),
        ("a: {<<: *x}\n", (1, 9, "unknown-alias")),
        ("true: a\n", (1, 1, "key-not-a-word")),
        ("~: a\n", (1, 1, "key-not-a-word")),
        ("? [a]\n: b\n", (1, 3, "key-not-a-word")),
        ("", (1, 1, "empty-file")),
        ("# nothing\n", (1, 1, "empty-file")),
        ("- a\n", (1, 1, "not-a-mapping")),
        ("a\n", (1, 1, "not-a-mapping")),
        ("a: 1\n---\nb: 2\n", (2, 1, "several-documents")),
        ("a:\n\t- 1\n", (2, 1, "tab")),
        ("a: \x01\n", (1, 4, "control-character")),
        ("a: [1\n", (2, 1, "yaml-syntax")),
        ("a: b: c\n", (1, 5, "yaml-syntax")),
        ("é: 'x\n", (2, 1, "yaml-syntax")),
        ("a: " + "[" * 65 + "]" * 65, (1, 68, "too-deep")),
    ],
)
def test_what_is_wrong_with_a_text(text: str, expected: tuple[int, int, str]) -> None:
    assert codes(text) == [expected]


def test_findings_of_a_text_come_together() -> None:
    text = "a: !x 1\nb: *c\nb: 2\n~: 4\n"
    assert [code for _, _, code in codes(text)] == ["tag", "unknown-alias", "duplicate-key", "key-not-a-word"]


def test_a_merge_that_overrides_nothing_is_fine() -> None:
    assert plain("a: &x {b: 1}\nc: {<<: *x, d: 2}\n")["c"] == {"d": 2, "b": 1}


def test_aliases_that_unfold_without_end_are_refused() -> None:
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 10)]
    assert [code for _, _, code in codes("\n".join(lines))] == ["too-many-aliases"]


def test_aliases_that_nest_without_end_are_refused() -> None:
    lines = ["a0: &a0 [1]", *(f"a{i}: &a{i} [*a{i - 1}]" for i in range(1, 100))]
    assert codes("\n".join(lines)) == [(64, 12, "too-deep")]


def test_a_byte_order_mark_and_windows_lines() -> None:
    source, findings = decode("f.yaml", b"\xef\xbb\xbfa: 1\r\nb: x\r\n")
    node, more = read(source)
    assert not findings and not more and node is not None
    assert node.plain() == {"a": 1, "b": "x"}
    assert spelled(node.value["b"].span) == "x" and node.value["b"].span.line == 2


def test_bytes_that_are_no_utf8() -> None:
    _, (finding,) = decode("f.yaml", "a: 1\nb: é".encode("latin-1"))
    assert (finding.code, finding.span.line, finding.span.column) == ("not-utf8", 2, 4)


def test_an_alias_knows_both_places() -> None:
    node, _ = read(Source("f.yaml", "a: &x  8\nb: [*x]\n"))
    assert node is not None
    alias = node.at(["b", 0])
    assert alias.value == 8 and spelled(alias.span) == "*x"
    assert alias.origin is not None and spelled(alias.origin) == "8"


KNOBS = "knobs: {f: &f 8, block: &block {k: 3}}\nl: [{c: {f: *f}}, *block, *block]\nempty: {}\n"


@pytest.mark.parametrize(
    ("argument", "path", "value"),
    [
        ("knobs.f=16", ["l", 0, "c", "f"], 16),
        ("knobs.block.k=5", ["l", 2, "k"], 5),
        ("l.1.k=5", ["l", 1, "k"], 5),
        ("l.0.c.f=[1, 2]", ["l", 0, "c", "f"], [1, 2]),
        ("training.epochs=3", ["training", "epochs"], 3),
        ("empty.a.b={c: on}", ["empty", "a", "b"], {"c": "on"}),
        ("empty=", ["empty"], None),
    ],
)
def test_set(argument: str, path: list[str | int], value: Any) -> None:
    node, findings = read(Source("f.yaml", KNOBS), [argument])
    assert node is not None and not findings
    found = node.at(path)
    assert found.plain() == value


def test_set_changes_one_use_of_an_alias_alone() -> None:
    found = plain(KNOBS, "l.1.k=5")
    assert found["l"][2] == {"k": 3} and found["knobs"]["block"] == {"k": 3}


def test_what_is_set_has_its_place_in_the_argument() -> None:
    node, _ = read(Source("f.yaml", KNOBS), ["l.0.c.f={a: 7}"])
    assert node is not None
    span = node.at(["l", 0, "c", "f", "a"]).span
    assert (span.source.name, spelled(span), span.column) == ("--set", "7", 13)


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("knobs.g=1", (1, 1, "set-path")),
        ("knobs.g.h=1", (1, 1, "set-path")),
        ("l.3=1", (1, 1, "set-path")),
        ("l.x=1", (1, 1, "set-path")),
        ("knobs.f.x=1", (1, 1, "set-path")),
        ("epochs", (1, 1, "set-syntax")),
        ("=3", (1, 1, "set-syntax")),
        ("a..b=3", (1, 1, "set-syntax")),
        ("a=[1", (1, 5, "yaml-syntax")),
        ("a=*f", (1, 3, "unknown-alias")),
    ],
)
def test_a_wrong_set_is_a_finding(argument: str, expected: tuple[int, int, str]) -> None:
    assert codes(KNOBS, argument) == [expected]


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cf", "Cn", "Co", "Zl", "Zp"]), max_size=12
)
WORDS = WORDS.filter(lambda word: isinstance(resolve(word), str))  # PyYAML leaves bare what only 1.2 takes for a number
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(WORDS.filter(lambda word: word != "<<"), VALUES, min_size=1, max_size=4), st.booleans())
def test_values_are_what_yaml_wrote(data: dict[str, Any], flow: bool) -> None:
    node, findings = read(Source("f.yaml", yaml.safe_dump(data, allow_unicode=True, default_flow_style=flow)))
    assert node is not None and not findings
    assert node.plain() == data


def scalars(node: Node) -> list[Node]:
    if isinstance(node.value, dict):
        return [leaf for item in node.value.values() for leaf in scalars(item)]
    return [leaf for item in node.value for leaf in scalars(item)] if isinstance(node.value, list) else [node]


NAMES = st.from_regex(r"[a-zé漢][a-z0-9_é漢]{0,6}", fullmatch=True)
LEAVES = st.integers(-999, 999) | NAMES.filter(lambda word: word not in ("null", "true", "false"))
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, min_size=1, max_size=3) | st.dictionaries(NAMES, inner, min_size=1, max_size=3),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(NAMES, TREES, min_size=1, max_size=3), st.sampled_from([True, False, None]))
def test_places_point_at_the_text_of_the_value(data: dict[str, Any], flow: bool | None) -> None:
    text = yaml.safe_dump(data, allow_unicode=True, default_flow_style=flow, width=1000)
    node, findings = read(Source("f.yaml", text))
    assert node is not None and not findings
    for leaf in scalars(node):
        assert spelled(leaf.span).strip("'\"") == str(leaf.value)
    for key, span in node.keys.items():
        assert spelled(span).strip("'\"") == key
