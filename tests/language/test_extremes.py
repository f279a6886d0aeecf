"""What `validate` accepts can be built and trained: every number of the language at its extremes."""

from __future__ import annotations

import random
import warnings
from typing import Any

import numpy as np
import pytest

from tests.language.extremes import BASE, documents
from xonet import Model, loads
from xonet.data import DataError
from xonet.data._sets import load_sets
from xonet.diagnostics import Diagnostic, Source
from xonet.language.scalars import flow
from xonet.network import Network, check_text
from xonet.training import LossIsNaN

DOCUMENTS = dict(documents())
LARGEST = 2**27
"""Values of an array that a test makes."""


def judged(document: dict[str, Any]) -> tuple[Network | None, list[Diagnostic]]:
    return check_text(Source("extreme.yaml", flow(document)))


def is_small(network: Network) -> bool:
    sizes = [network.shape.size, network.parameters, *(it.output.shape.size for it in network.operations)]
    return max(sizes) <= LARGEST


def train(network: Network) -> None:
    """An epoch of two steps: it ends, or the loss is NaN; data may be too few for a tiny share of it."""
    assert network.document.data and network.document.training
    try:
        sets = load_sets(network.document.data, network.wanted, network.document.training.seed)
        assert sets.train is not None
        model = Model(network, threads=1)
        model.fit(sets.train, sets.validation, epochs=min(1, network.document.training.epochs))
        assert np.isfinite(model.predict(sets.train.pictures)).all()
    except LossIsNaN:
        pass
    except (DataError, MemoryError) as error:
        assert "share" in str(error) or "do not fit" in str(error)


def test_every_number_at_its_extremes_is_judged() -> None:
    assert len(DOCUMENTS) > 1500
    sound = [name for name, document in DOCUMENTS.items() if judged(document)[0]]
    assert 500 < len(sound) < len(DOCUMENTS)


def test_what_is_sound_trains() -> None:
    seed = random.randrange(2**32)
    names = random.Random(seed).sample(sorted(DOCUMENTS), 250)
    for name in names:
        network, _ = judged(DOCUMENTS[name])
        if network is None or not is_small(network):
            continue
        print(f"seed {seed}: {name}")
        train(network)


@pytest.mark.parametrize(
    "name",
    [
        "training seed = 9223372036854775807",
        "layer conv2d.init.normal.stddev = -0.0",
        "layer conv2d.init.normal.stddev = 3e+38",
        "layer batch_norm.epsilon = 1e-37",
        "layer leaky_relu.slope = 3e+38",
        "optimizer adam.epsilon = 1e-37",
        "optimizer sgd.weight_decay = 3e+38",
        "layer conv2d.stride = 2147483648",
    ],
)
def test_what_once_ended_in_a_traceback(name: str) -> None:
    document = DOCUMENTS[name] if name in DOCUMENTS else DOCUMENTS[f" {name.replace(' ', '.', 1)}"]
    network, _ = judged(document)
    if network is not None:
        train(network)


@pytest.mark.parametrize(
    ("place", "value", "bound"),
    [
        ("seed", 2**63, "9223372036854775807 or less"),
        ("batch_size", 2**64, "9223372036854775807 or less"),
        ("optimizer", {"sgd": {"learning_rate": 0.1, "weight_decay": 1e39}}, "3.4028234663852886e+38 or less"),
        ("optimizer", {"adam": {"learning_rate": 0.1, "epsilon": 1e-46}}, "1.1754943508222875e-38 or more"),
        ("optimizer", {"sgd": {"learning_rate": 0.1, "momentum": 0.999999999}}, "0.9999999403953552 or less"),
        ("optimizer", {"sgd": {"learning_rate": 0}}, "a number above 0"),
    ],
)
def test_a_bound_of_the_engine_is_told(place: str, value: Any, bound: str) -> None:
    _, findings = judged({**BASE, "training": {**BASE["training"], place: value}})
    assert [it.code for it in findings] == ["out-of-range"]
    assert findings[0].help.startswith(f"use {bound}")


@pytest.mark.parametrize("override", ["training.seed=9223372036854775808", "layers.0.dense.weights=1e39"])
def test_settings_have_the_same_bounds(override: str) -> None:
    _, findings = check_text(Source("x.yaml", flow(BASE)), [override])
    assert [(it.code, it.span.source.name) for it in findings] == [("out-of-range", "--set")]


@pytest.mark.parametrize("section", [{"std": 1e-38}, {"mean": 3e38, "std": 0.5}, {"range": [-3e38, 3e38]}])
def test_grey_values_stay_finite(section: dict[str, Any]) -> None:
    _, findings = judged({**BASE, "input": {**BASE["input"], **section}})
    assert "out-of-range" in [it.code for it in findings]


def test_grey_values_stay_apart() -> None:
    _, findings = judged({**BASE, "input": {**BASE["input"], "std": 3e38}})
    assert [it.code for it in findings] == ["empty-range"]


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({**BASE, "data": {"train": {"xo": {"count": 2**60}}}}, "too-many-pictures"),
        ({**BASE, "layers": [{"dense": {"units": 10**11}}, {"dense": {"units": 2}}]}, "too-large"),
    ],
    ids=["pictures", "layers"],
)
def test_what_no_machine_holds_is_a_finding(document: dict[str, Any], code: str) -> None:
    _, findings = judged(document)
    assert code in [it.code for it in findings]


@pytest.mark.parametrize("settings", [{"seed": 2**63}, {"seed": -1}, {"batch_size": 2.0}, {"epochs": 2**64}])
def test_settings_in_python_have_the_same_bounds(settings: dict[str, Any]) -> None:
    model = Model(loads(flow(BASE)), engine="reference")
    with warnings.catch_warnings(), pytest.raises(ValueError, match=next(iter(settings))):
        model.fit((np.zeros((2, 4, 4, 1), np.uint8), np.zeros(2, np.int64)), **settings)
