"""What changed between two networks: laws that hold for any pair."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xonet import Network, loads
from xonet.diagnostics import Source
from xonet.network.changes import compare
from xonet.network.changes.entries import lists_of
from xonet.network.changes.matching import Matching
from xonet.network.document import Document

FILES = sorted(Path("networks").rglob("*.yaml"))
MIRRORED = {"added": "removed", "removed": "added", "moved": "moved", "changed": "changed"}


def network(layers: list[Any]) -> Network:
    """The layers, and a last one that makes two scores."""
    whole = {
        "xonet": 1,
        "input": {"height": 8, "width": 8, "channels": 1},
        "layers": [*layers, {"dense": {"units": 2}}],
        "output": {"classes": ["X", "O"]},
        "data": {"pictures": {"xo": {"count": 1}}},
    }
    return loads(json.dumps(whole))


def labelled(layers: list[Any]) -> list[Any]:
    """The same layers; labels that are drawn twice are taken away."""
    seen: set[str] = set()

    def clean(value: Any) -> Any:
        if isinstance(value, list):
            return [clean(item) for item in value]
        if not isinstance(value, dict):
            return value
        name = value.get("name")
        again = name in seen
        seen.update([name] if name else [])
        return {key: clean(item) for key, item in value.items() if key != "name" or not again}

    return [clean(layer) for layer in layers]


def knobs(**strategies: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    label = {"name": st.sampled_from(["a", "b", "c"])}
    return st.fixed_dictionaries(strategies, optional=label)


SIMPLE = st.one_of(
    st.sampled_from(["relu", "tanh", "batch_norm"]),
    knobs(rate=st.sampled_from([0.1, 0.2])).map(lambda made: {"dropout": made}),
    knobs(features=st.just(1), padding=st.just("same"), kernel_size=st.sampled_from([1, 3, 5]), bias=st.booleans()).map(
        lambda made: {"conv2d": made}
    ),
)
LAYER = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(
        knobs(times=st.integers(1, 2), layers=st.lists(inner, min_size=1, max_size=3)).map(lambda m: {"repeat": m}),
        knobs(layers=st.lists(inner, min_size=1, max_size=3)).map(lambda made: {"residual": made}),
        knobs(paths=st.lists(st.lists(inner, max_size=2), min_size=2, max_size=3), merge=st.just("add")).map(
            lambda made: {"branches": made}
        ),
    ),
    max_leaves=5,
)
LAYERS = st.lists(LAYER, min_size=1, max_size=5).map(labelled)


def count(value: Any) -> int:
    """How many layers and paths a list of layers holds."""
    return sum(1 if isinstance(layer, str) else 1 + held(next(iter(layer.values()))) for layer in value)


def held(made: dict[str, Any]) -> int:
    return count(made.get("layers", [])) + sum(1 + count(path) for path in made.get("paths", []))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_network_is_the_same_as_itself(path: Path) -> None:
    text = path.read_text()
    changes = compare(loads(text), loads(text))
    assert changes.none and changes.before == changes.after


@given(LAYERS)
@settings(max_examples=40, deadline=None)
def test_any_network_is_the_same_as_itself(layers: list[Any]) -> None:
    assert compare(network(layers), network(layers)).none


@given(LAYERS, LAYERS)
@settings(max_examples=300, deadline=None)
def test_the_way_back_is_the_way_there_mirrored(old: list[Any], new: list[Any]) -> None:
    there, back = compare(network(old), network(new)), compare(network(new), network(old))
    seen = Counter(
        (entry.kind, entry.old_place, entry.new_place, *((k.place, str(k.old), str(k.new)) for k in entry.knobs))
        for entry in there.entries
    )
    mirrored = Counter(
        (
            MIRRORED[entry.kind],
            entry.new_place,
            entry.old_place,
            *((k.place, str(k.new), str(k.old)) for k in entry.knobs),
        )
        for entry in back.entries
    )
    assert seen == mirrored
    assert (there.before, there.after) == (back.after, back.before)


def test_names_that_change_sides() -> None:
    """Of old `b` and `c`, side by side, `c` now holds `b`."""
    old = [
        {"repeat": {"times": 1, "layers": [{"residual": {"layers": ["relu"], "name": "c"}}]}},
        {"residual": {"layers": [{"repeat": {"times": 1, "layers": ["relu"]}}], "name": "b"}},
    ]
    new = [{"residual": {"layers": [{"residual": {"layers": ["relu"], "name": "b"}}], "name": "c"}}]
    assert summary(old, new) == [
        ("removed", "layers.0", None),
        ("moved", "layers.0.repeat.layers.0", "layers.0"),
        ("moved", "layers.1", "layers.0.residual.layers.0"),
        (
            "moved",
            "layers.0.repeat.layers.0.residual.layers.0",
            "layers.0.residual.layers.0.residual.layers.0",
        ),
        ("removed", "layers.1.residual.layers.0", None),
        ("removed", "layers.1.residual.layers.0.repeat.layers.0", None),
    ]


@given(LAYERS, LAYERS)
@settings(max_examples=60, deadline=None)
def test_added_and_removed_account_for_every_layer(old: list[Any], new: list[Any]) -> None:
    kinds = Counter(entry.kind for entry in compare(network(old), network(new)).entries)
    assert kinds["added"] - kinds["removed"] == count(new) - count(old)


@given(LAYERS, LAYERS)
@settings(max_examples=60, deadline=None)
def test_every_layer_has_one_fate(old: list[Any], new: list[Any]) -> None:
    sides = [dict(lists_of(network(layers).document))["layers"] for layers in (old, new)]
    pairs = Matching(*sides).pairs
    for side, told in zip(sides, ([pair.old for pair in pairs], [pair.new for pair in pairs]), strict=True):
        assert Counter(entry for entry in told if entry) == Counter(entry for root in side for entry in root.tree)
    both = [(pair.old, pair.new) for pair in pairs if pair.old and pair.new]
    assert all(old.word == new.word for old, new in both)
    named = [{(entry.word, entry.name) for root in side for entry in root.tree if entry.name} for side in sides]
    assert {(old.word, old.name) for old, new in both if old.name and old.name == new.name} == named[0] & named[1]


@given(LAYERS, LAYER)
@settings(max_examples=40, deadline=None)
def test_a_layer_more_is_one_layer_more(layers: list[Any], layer: Any) -> None:
    more = labelled([*layers, layer])
    entries = compare(network(layers), network(more)).entries
    assert {entry.kind for entry in entries} == {"added"}
    assert len(entries) == count(more) - count(layers)


def test_nested_labels_are_the_same_both_ways() -> None:
    """What was once two added and two moved one way, and one added, three moved, one removed the other way."""
    inner = {"residual": {"layers": ["relu"], "name": "a"}}
    old = [{"repeat": {"times": 1, "layers": [inner, "tanh"], "name": "b"}}]
    new = [{"residual": {"layers": [{"repeat": {"times": 1, "layers": ["tanh"], "name": "b"}}, "relu"], "name": "a"}}]
    kinds = Counter(MIRRORED[entry.kind] for entry in compare(network(old), network(new)).entries)
    assert kinds == Counter(entry.kind for entry in compare(network(new), network(old)).entries)


def test_what_moves_within_a_larger_layer_is_not_told_by_itself() -> None:
    block = {"residual": {"layers": ["relu", conv(1, name="a")]}}
    here, there = [block, conv(3)], [{"repeat": {"times": 1, "layers": [block]}}, conv(3)]
    moved = ("moved", "layers.0", "layers.0.repeat.layers.0")
    assert summary(here, there) == [("added", None, "layers.0"), moved]


def conv(features: int, **more: Any) -> dict[str, Any]:
    return {"conv2d": {"features": features, "kernel_size": 3, "padding": "same", **more}}


def summary(old: list[Any], new: list[Any]) -> list[tuple[str, str | None, str | None]]:
    return [
        (entry.kind, entry.old_place, entry.new_place)
        for entry in compare(network(old), network(new)).entries
        if entry.section == "layers"
    ]


def test_an_equal_layer_is_a_better_partner_than_a_changed_one() -> None:
    assert summary([conv(8), "relu", conv(2)], [conv(2)]) == [
        ("removed", "layers.0", None),
        ("removed", "layers.1", None),
    ]


def test_a_label_binds_more_than_place_and_knobs() -> None:
    old = [conv(2, name="a"), "relu", conv(2)]
    new = [conv(4), "relu", conv(2, name="a", kernel_size=5)]
    assert summary(old, new) == [
        ("added", None, "layers.0"),
        ("removed", "layers.2", None),
        ("moved", "layers.0", "layers.2"),
    ]


def test_a_label_on_another_word_binds_nothing() -> None:
    assert summary([conv(2, name="a")], [{"batch_norm": {"name": "a"}}]) == [
        ("removed", "layers.0", None),
        ("added", None, "layers.0"),
    ]


def test_many_equal_layers_take_no_time() -> None:
    many = ["relu", "tanh"] * 300
    assert summary(many, ["tanh", *many[:-5], "relu", *many[-5:]]) == [
        ("added", None, "layers.0"),
        ("added", None, f"layers.{len(many) - 5}"),
    ]


def test_rows_of_numbers_have_no_receptive_field() -> None:
    document = Document(xonet=1, input={"features": 4}, layers=[{"dense": {"units": 2}}])
    row = Network(document, Source("row.yaml", ""), (), Path())
    totals = compare(row, row).before
    assert (totals.receptive_field, totals.input_shape, totals.output_shape) == (None, (4,), (2,))
