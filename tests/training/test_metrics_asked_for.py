"""Metrics that `fit` is asked for, or that something follows."""

from __future__ import annotations

import numpy as np
import pytest

from xonet.metrics import METRICS, rises
from xonet.model import Model
from xonet.network import loads
from xonet.training.metrics import evaluate

OUTPUTS = {
    "classes": ("{classes: [a, b, c]}", np.arange(100) % 3),
    "labels": ("{labels: [a, b, c]}", (np.random.default_rng(1).random((100, 3)) < 0.3).astype(np.float32)),
    "values": ("{values: [a, b, c]}", np.random.default_rng(2).normal(size=(100, 3)).astype(np.float32)),
}


def fit(answers, engine="native", threads=1, **settings):
    """A model, its history of three epochs, and what these were validated on."""
    output, targets = OUTPUTS[answers]
    text = f"xonet: 1\ninput: {{features: 4}}\nlayers: [{{dense: {{units: 3}}}}]\noutput: {output}\n"
    x = np.random.default_rng(0).normal(size=(100, 4)).astype(np.float32)
    model = Model(loads(text), engine=engine, threads=threads)
    optimizer = {"sgd": {"learning_rate": 0.5}}
    given = {"optimizer": optimizer, "epochs": 3, "batch_size": 10, "loss": model.network.usual_loss}
    validation = (x[:50], targets[:50])
    return model, model.fit((x, targets), validation, **{**given, **settings}), validation


def trained(*arguments, **settings):
    """The history only."""
    return fit(*arguments, **settings)[1]


@pytest.mark.parametrize("answers", OUTPUTS)
def test_every_metric_that_fits(answers):
    names = [name for name in METRICS.names if answers in METRICS.members[name].fits]
    rows = {}
    for engine, threads in (("native", 1), ("native", 3), ("reference", 1)):
        history = trained(answers, engine, threads, metrics=names)
        rows[engine, threads] = [{name: row[name] for name in row if name != "seconds"} for row in history]
    assert {*names, *(f"validation_{name}" for name in names)} < set(rows["native", 1][0])
    assert rows["native", 1] == rows["native", 3]
    for own, other in zip(rows["native", 1], rows["reference", 1], strict=True):
        assert own == pytest.approx(other, rel=1e-3, abs=1e-3)


def test_what_a_metric_says_does_not_depend_on_what_else_is_asked_for():
    alone, beside = (trained("classes", metrics=names) for names in (["f1"], ["auc", "f1", "recall"]))
    assert alone.column("f1") == beside.column("f1") and alone.column("loss") == beside.column("loss")


@pytest.mark.parametrize(
    ("answers", "settings", "said"),
    [
        ("values", {"metrics": ["auc"]}, "auc cannot be measured: the targets are values, not classes"),
        ("classes", {"metrics": ["r2"]}, "r2 cannot be measured: the targets are classes, not values"),
        ("labels", {"metrics": ["top_2_accuracy"]}, "top_2_accuracy cannot be measured: the targets are labels"),
        ("classes", {"early_stopping": {"monitor": "validation_r2"}}, "r2 cannot be measured"),
        ("classes", {"schedule": {"plateau": {"monitor": "r2"}}}, "r2 cannot be measured"),
        ("classes", {"metrics": ["f1", "akuracy"]}, "metrics: there is no metric akuracy; did you mean accuracy?"),
        ("classes", {"metrics": ["f1_score"]}, "metrics: there is no metric f1_score: it is called f1 here; write f1"),
    ],
)
def test_what_cannot_be_measured(answers, settings, said):
    with pytest.raises(ValueError) as raised:
        trained(answers, **settings)
    assert said in str(raised.value)


def test_a_plateau_follows_a_metric():
    """One that never improves: after each epoch but the first the learning rate falls."""
    plateau = {"plateau": {"monitor": "validation_top_3_accuracy", "patience": 0, "factor": 0.5}}
    history = trained("classes", schedule=plateau, epochs=4)
    assert history.column("validation_top_3_accuracy") == [1] * 4
    assert history.column("learning_rate") == [0.5, 0.5, 0.25, 0.125]


@pytest.mark.parametrize(("name", "best"), [("f1", max), ("calibration_error", min)])
def test_the_best_by_what_is_monitored_is_kept(name, best):
    """With steps so large that the last epoch is not the best."""
    stopping, optimizer = {"monitor": f"validation_{name}"}, {"sgd": {"learning_rate": 20}}
    model, history, validation = fit("classes", early_stopping=stopping, optimizer=optimizer, epochs=5)
    values = history.column(f"validation_{name}")
    assert best(values) != values[-1]
    found = evaluate(model, model.dataset(validation), metrics=[name]).row
    assert found[name] == best(values)


def test_which_way_is_better():
    falls = {"calibration_error", "mean_absolute_error", "root_mean_squared_error"}
    assert {name for name in METRICS.names if not rises(name)} == falls
    assert rises("validation_f1") and rises("validation_top_7_accuracy") and not rises("validation_mean_absolute_error")
    assert not rises("loss") and not rises("validation_loss")
