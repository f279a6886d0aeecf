"""An entry of the catalogue, of any family, that lacks its help, source, example, peer or test is found here."""

from __future__ import annotations

import inspect
import re
from importlib.util import find_spec

import pytest

from tests.members import has_tests, own_tests
from xonet.bench import peers
from xonet.data import SOURCES
from xonet.language.fields import Nested, Record
from xonet.layers import LAYERS
from xonet.losses import LOSSES
from xonet.network.schema import FAMILIES
from xonet.optimizers import OPTIMIZERS

ENTRIES = [(family, word) for family in FAMILIES for word in family.members]
EVERY = pytest.mark.parametrize(("family", "word"), ENTRIES, ids=[f"{family.noun}-{word}" for family, word in ENTRIES])
SOURCE = re.compile(
    r"arXiv|\b(19|20)\d\d\b|\b(PyTorch|torchvision|Keras|TensorFlow|ONNX|Caffe|Darknet|timm|scikit-learn)\b|The deck's"
)
"""A paper, or whose it is."""
OWN = {
    "repeat": "it only unfolds",
    "ascii": "a format of our own",
    "share": "our own way to split",
    "xo": "a generator of our own",
    "images": "file formats that everybody reads",
    "idx": "MNIST's format",
}
"""Entries that come from nowhere else, and why."""
TESTED_ELSEWHERE = {"share": "tests/data/test_split.py"}
WITHOUT_PEER: dict[str, str] = {}
"""Layers, losses and optimizers that PyTorch cannot compute, and why; what only unfolds needs no peer."""


@EVERY
def test_is_explained(family, word):
    member = family.members[word]
    assert vars(member).get("__doc__"), f"{word} has no docstring of its own"
    summary = member.summary()
    assert summary.endswith(".") or ": " in summary, f"{word}: its first paragraph is no sentence"
    explained(member, word)


def explained(record: type[Record], place: str) -> None:
    """Every knob, and those of its knobs."""
    for name, field in record.fields.items():
        assert field.help.strip().endswith("."), f"{place}.{name} has no sentence of help"
        assert not field.required or field.example is not None, f"{place}.{name} is required, and has no example"
        if isinstance(field.kind, Nested):
            explained(field.kind.record, f"{place}.{name}")


@EVERY
def test_says_whose_it_is(family, word):
    said = SOURCE.search(inspect.getdoc(family.members[word]) or "")
    assert bool(said) != (word in OWN), f"{word}: cite a paper, or say whose it is (PyTorch's ..., Keras' ...)"


@EVERY
def test_has_tests_with_cases(family, word):
    assert has_tests(family, word) != (word in TESTED_ELSEWHERE), f"add a test_{word}.py"
    if family is not SOURCES and not unfolds(family, word):  # what sources are tested with is of another kind each
        assert own_tests(family, word).CASES, f"test_{word}.py has no CASES"


COMPARED = pytest.mark.parametrize(
    ("family", "word"),
    [entry for entry in ENTRIES if entry[0] in (LAYERS, LOSSES, OPTIMIZERS)],
    ids=lambda part: part if isinstance(part, str) else part.noun,
)
"""Schedules and initializers have no peer to be measured against; their tests hold them to PyTorch and to formulas."""


@COMPARED
def test_has_a_counterpart_in_pytorch(family, word):
    pytest.importorskip("torch", reason="torch is in the extra `bench`")
    from xonet.bench.peers.twin import alike
    from xonet.layers._elementwise import Elementwise

    file = f"{peers.__name__}.in_torch.{family.package.removeprefix('xonet.')}.{word}"
    member = family.members[word]
    has = find_spec(file) is not None
    if not has and issubclass(member, Elementwise):
        has = alike(member(**{name: f.example for name, f in member.fields.items() if f.required})) is not None
    assert (has or unfolds(family, word)) != (word in WITHOUT_PEER), f"add {file}"


def unfolds(family, word):
    """Whether it is a layer that leaves only others in the graph: it has no reference, and computes nothing itself."""
    if family is not LAYERS:
        return False
    try:
        LAYERS.part(LAYERS.members[word], "reference")
    except ModuleNotFoundError:
        return True
    return False


def test_lists_name_what_there_is():
    words = {word for _, word in ENTRIES}
    assert {*OWN, *WITHOUT_PEER, *TESTED_ELSEWHERE} <= words
