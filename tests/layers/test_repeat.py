"""`repeat` unfolds: what it leaves in the graph."""

from __future__ import annotations

from tests.layers.contract import make
from xonet.language.shapes import Shape
from xonet.layers._graph import Trace, Value

CASES = []
"""It has no arithmetic of its own."""


def names(layer):
    """Every parameter's full name."""
    trace = Trace()
    trace.through([layer], Value(Shape((5, 5, 2))), "layers")
    return [operation.full_name(parameter) for operation in trace.operations for parameter in operation.parameters]


def test_every_round_has_its_own_weights():
    rounds = make("repeat", {"times": 2, "layers": [{"dense": {"units": 3, "bias": False}}, "relu"]})
    assert names(rounds) == ["layers.0.repeat.layers.0.0.weights", "layers.0.repeat.layers.0.1.weights"]


def test_a_label_gets_the_round_appended():
    inner = {"repeat": {"times": 2, "layers": [{"dense": {"units": 3, "bias": False, "name": "d"}}]}}
    assert names(make("repeat", {"times": 2, "layers": [inner]})) == [
        f"d.{i}.{j}.weights" for i in (0, 1) for j in (0, 1)
    ]


def test_a_label_of_its_own_stands_for_its_place():
    rounds = make("repeat", {"name": "tower", "times": 1, "layers": [{"dense": {"units": 3, "bias": False}}]})
    assert names(rounds) == ["tower.repeat.layers.0.0.weights"]
