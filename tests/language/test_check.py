"""The form: errors of the schema as findings."""

from __future__ import annotations

from typing import Any

import pytest

from xonet.diagnostics import Diagnostic, Source
from xonet.language.check import Form
from xonet.language.text import read
from xonet.network import check_text

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "count": {"type": "integer", "minimum": 1, "examples": [3]},
        "rate": {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
        "on": {"type": "boolean"},
        "words": {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 2, "uniqueItems": True},
        "size": {
            "examples": [3],
            "if": {"type": "array"},
            "then": {"items": {"type": "integer"}, "minItems": 2, "maxItems": 2},
            "else": {"type": "integer"},
        },
        "animals": {"type": "array", "items": {"$ref": "#/$defs/animal"}},
    },
    "additionalProperties": False,
    "$defs": {
        "animal": {
            "title": "animal",
            "if": {"type": "string"},
            "then": {"enum": ["cat"]},
            "else": {
                "type": "object",
                "properties": {
                    "cat": {"type": "object", "properties": {}, "additionalProperties": False},
                    "dog": {
                        "type": "object",
                        "properties": {"legs": {"type": "integer", "examples": [4]}, "tail": {"type": "boolean"}},
                        "required": ["legs"],
                        "additionalProperties": False,
                    },
                },
                "additionalProperties": False,
                "minProperties": 1,
                "maxProperties": 1,
            },
        }
    },
}


def findings(text: str) -> list[Diagnostic]:
    node, wrong = read(Source("f.yaml", text))
    assert node is not None and not wrong
    return [finding for _, finding in Form(SCHEMA).check(node)[0]]


@pytest.mark.parametrize(
    ("text", "column", "code", "help"),
    [
        ("count: 2.0", 8, "wrong-type", "write 2"),
        ("count: '2'", 8, "wrong-type", "write 2 without quotes"),
        ("count: true", 8, "wrong-type", "write count: 3, for example"),
        ("count: some", 8, "wrong-type", "write count: 3, for example"),
        ("count:", 1, "missing-value", "write count: 3, for example"),
        ("count: 0", 8, "out-of-range", "use 1 or more, such as 3"),
        ("rate: true", 7, "wrong-type", "write a number"),
        ("rate: .nan", 7, "wrong-type", "write a number"),
        ("rate: 0", 7, "out-of-range", "use a number above 0"),
        ("rate: 2", 7, "out-of-range", "use 1 or less"),
        ("on: yes", 5, "wrong-type", "write true"),
        ("words: a", 8, "wrong-type", "write a list: [a]"),
        ("words: [a]", 8, "wrong-length", "write 2 or more entries"),
        ("words: [a, b, a]", 15, "duplicate-entry", "keep one"),
        ("words: [a, 1]", 12, "wrong-type", 'write "1" in quotes'),
        ("words: [a, '']", 12, "missing-value", "write a value"),
        ("size: [1, 2, 3]", 7, "wrong-length", "write size: 3, for example"),
        ("size: [1, b]", 11, "wrong-type", "write a whole number"),
        ("cuont: 1", 1, "unknown-key", "did you mean count?"),
        ("zzz: 1", 1, "unknown-key", "the file takes count, rate, on, words, size, animals"),
        ("animals: [cta]", 11, "unknown-animal", "did you mean cat?"),
        ("animals: [dog]", 11, "missing-key", "write dog: {legs: 4}, for example"),
        ("animals: [{}]", 11, "wrong-type", "write its name"),
        ("animals: [3]", 11, "wrong-type", "write its name"),
        ("animals: [{horse: {}}]", 12, "unknown-animal", "write one of cat, dog"),
        ("animals: [{cat: }]", 12, "missing-value", "write cat without the colon"),
        ("animals: [{dog: {}}]", 12, "missing-key", "add legs: 4, for example"),
        ("animals: [{dog: {lgs: 3}}]", 18, "unknown-key", "did you mean legs?"),
        ("animals: [{dog: , legs: 4}]", 19, "wrong-indent", "indent legs deeper than dog"),
        ("animals: [{cat: {}, dog: {legs: 4}}]", 21, "two-in-one", "keep cat or dog"),
    ],
)
def test_one_fault_one_finding(text: str, column: int, code: str, help: str) -> None:
    assert [(found.span.column, found.code, found.help) for found in findings(text)] == [(column, code, help)]


def test_all_findings_in_one_pass() -> None:
    found = findings("count: 0\nrate: x\nanimals: [cta, {dog: {legs: 1.5, wings: 2}}]\n")
    assert sorted(finding.code for finding in found) == [
        "out-of-range",
        "unknown-animal",
        "unknown-key",
        "wrong-type",
        "wrong-type",
    ]


@pytest.mark.parametrize("typed", ["001", "0x1F", "1e3", ".5", "+1", "true", "0o17", "1."])
def test_help_quotes_what_was_typed(typed: str) -> None:
    text = f"xonet: 1\ninput: {{height: 4, width: 4}}\nlayers: [flatten]\noutput: {{classes: [{typed}, b]}}\n"
    _, findings = check_text(Source("net.yaml", text))
    [finding] = [it for it in findings if it.code == "wrong-type"]
    assert finding.help == f'write "{typed}" in quotes'
    assert finding.fix is not None and finding.fix.edits[0].text == f'"{typed}"'
