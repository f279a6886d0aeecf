"""The schema of the whole file."""

from __future__ import annotations

import jsonschema
import pytest
from jsonschema import Draft202012Validator

from xonet.network.schema import FAMILIES, FILE, for_editors, schema, text


def test_the_file_is_up_to_date() -> None:
    assert FILE.read_text(encoding="utf-8") == text(), "run: xonet schema --write"


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.noun)
def test_every_reference_has_its_definition(family: object) -> None:
    assert family.noun in schema()["$defs"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.noun)
def test_every_knob_has_help_and_a_required_one_an_example(family: object) -> None:
    for word, member in family.members.items():  # type: ignore[attr-defined]
        assert member.summary(), word
        for name, knob in member.fields.items():
            assert knob.help, f"{word}.{name}"
            assert not knob.required or knob.example is not None, f"{word}.{name}"


@pytest.mark.parametrize(
    ("layers", "defaults", "fits"),
    [
        ([{"conv2d": {"features": 3}}], None, False),
        ([{"conv2d": {"features": 3}}], {"conv2d": {"kernel_size": 3}}, True),
        (["conv2d"], None, False),
        (["conv2d"], {"conv2d": {"kernel_size": 3, "features": 2}}, True),
        ([[{"residual": {"layers": [["relu", {"conv2d": {"features": 3}}]]}}]], None, False),
        ([{"branches": {"paths": [[{"dense": {}}], []]}}], None, False),
        ([["relu"]], None, True),
        (["rellu"], {"conv2d": {"kernel_size": 3}}, False),
    ],
)
def test_editors_know_what_defaults_may_give(layers, defaults, fits):
    document = {"xonet": 1, "input": {"height": 9, "width": 9}, "layers": layers}
    document |= {"defaults": defaults} if defaults else {}
    assert jsonschema.Draft202012Validator(for_editors()).is_valid(document) == fits
