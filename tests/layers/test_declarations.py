"""What a layer says in `NATIVE` is checked when it is loaded: nothing written wrong is passed over in silence."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from tests.members import own_tests
from xonet.layers import LAYERS, Layer
from xonet.layers._native import Native, ReluFusion, _declared, native_of


def lower(layer, site):
    """No rows."""


@pytest.mark.parametrize("word", [word for word, kind in LAYERS.members.items() if not kind.renames])
def test_every_layer_declares_one(word):
    if own_tests(LAYERS, word).CASES:  # what only unfolds has none
        assert isinstance(_declared(LAYERS.members[word]), Native)


WRONG = [
    ({"lower": None}, "lower is a function"),
    ({"lower_single": "same"}, "lower_single is a function, or None"),
    ({"relu": "output"}, "relu is a ReluFusion"),
    ({"folds_norm": "yes"}, "folds_norm is True or False"),
    ({"fused_rows": lower}, "fused_rows says in_training"),
    ({"gradient_in_place": lower}, "gradient_in_place needs pixel_by_pixel"),
    ({"takes_planes": lower}, "takes_planes needs lower_single"),
    ({"rectifies": ReluFusion.EPILOGUE}, "unexpected keyword argument 'rectifies'"),
]


@pytest.mark.parametrize(("parts", "said"), WRONG, ids=[said for _, said in WRONG])
def test_a_wrong_part_is_an_error(parts, said):
    with pytest.raises(TypeError, match=said):
        Native(**{"lower": lower, **parts})


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({}, r"clip\.native needs NATIVE = Native\(lower, \.\.\.\)"),
        ({"NATIVE": {"lower": lower}}, "needs NATIVE"),
        ({"NATIVE": Native(lower), "lower_single": lower}, "has lower_single, and its NATIVE does not"),
    ],
    ids=["nothing", "something else", "a part forgotten"],
)
def test_a_file_that_does_not_declare_is_an_error(written, said, monkeypatch):
    kind = type("Clip", (Layer,), {"__module__": "xonet.layers.clip", "__doc__": "Clips."})
    module = ModuleType("xonet.layers.clip.native")
    vars(module).update(written)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    with pytest.raises(TypeError, match=said):
        native_of(kind())
