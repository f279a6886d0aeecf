"""The page of the language is up to date, and what it shows can be written."""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator

from xonet.metrics import METRICS, MetricName
from xonet.network import language_page
from xonet.network.schema import FAMILIES, schema


def test_the_page_is_up_to_date():
    written = language_page.FILE.read_text(encoding="utf-8")
    assert written == language_page.text(), "docs/language.md is out of date: run python -m xonet.network.language_page"


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.noun)
def test_every_example_can_be_written(family):
    reference = {"$ref": f"#/$defs/{family.noun}"}
    kind = MetricName().schema() if family is METRICS else reference
    validator = Draft202012Validator({**kind, "$defs": schema()["$defs"]})
    for word in family.members:
        assert not list(validator.iter_errors(language_page.sample(family, word)))
        assert f"### {family.noun} `{word}`" in language_page.text()


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"type": "integer", "minimum": 1}, "a whole number from 1"),
        ({"type": "number", "exclusiveMinimum": 0, "maximum": 1}, "a number above 0 up to 1"),
        ({"enum": ["sum", "mean", "max"]}, "`sum`, `mean` or `max`"),
        ({"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}, "a list of two, each a number"),
        ({"$ref": "#/$defs/initializer"}, "an [initializer](#initializers)"),
        ({"type": "object", "additionalProperties": {}}, "a mapping of names to anything"),
    ],
)
def test_schemas_in_words(written, said):
    assert language_page.words(written) == said
