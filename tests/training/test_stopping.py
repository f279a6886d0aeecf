"""Parts of epochs, time limits, and what follows from a history: they come to the same however training goes on."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from tests.training.test_loop import NETWORK, X, Y, trainer
from xonet.data import Dataset
from xonet.model import Model
from xonet.training import Trainer
from xonet.training.saving import load_checkpoint, save_checkpoint


def resumed(one, path, **changes):
    """A trainer that goes on from where one is."""
    save_checkpoint(one, path)
    again = trainer(validation=one.validation, **changes)
    assert load_checkpoint(again, path) == []
    for row, before in zip(again.history, one.history, strict=True):
        row["seconds"] = before["seconds"]
    return again


def bits(one):
    return one.model.plan.flat.tobytes()


def without_times(one):
    return [{name: value for name, value in row.items() if name != "seconds"} for row in one.history]


@pytest.mark.parametrize("engine", ["native", "reference"])
def test_a_part_of_an_epoch_sees_the_first_of_its_pictures(engine):
    orders, rates = [], []
    one = trainer(epochs=2.5, engine=engine, schedule="polynomial")
    train = one.model.engine.train

    def spy(recipe, state, epoch, *rest):
        orders.append(epoch.order.tolist())
        rates.extend(epoch.rates.tolist())
        return train(recipe, state, epoch, *rest)

    one.model.engine.train = spy
    one.run()
    assert one.history.column("epoch") == [1, 2, 2.5] and one.over and not one.ended_by
    assert [len(order) for order in orders] == [50, 50, 32], "whole batches"
    assert rates == pytest.approx([0.1 * (1 - step / 10) for step in range(10)]), "the schedule is 2.5 epochs long"
    whole = trainer(epochs=3)
    whole.model.engine.train = spy
    whole.run()
    assert orders[-1][:32] == orders[2]


def test_a_part_of_an_epoch_is_measured_by_itself():
    one = trainer(epochs=0.5, shuffle=False, optimizer={"sgd": {"learning_rate": 1e-30}})
    expected = trainer(X[:32], Y[:32], epochs=1, shuffle=False, optimizer={"sgd": {"learning_rate": 1e-30}})
    for each in (one, expected):
        each.run()
    assert one.history[0]["loss"] == expected.history[0]["loss"] and one.history[0]["epoch"] == 0.5


@pytest.mark.parametrize("epochs", [0.01, 0.5, 1.25, 2.5, 2.99])
def test_both_engines_come_to_the_same(epochs):
    native, reference = trainer(epochs=epochs), trainer(epochs=epochs, engine="reference")
    for one in (native, reference):
        one.run()
    assert native.model.plan.flat == pytest.approx(reference.model.plan.flat, rel=1e-5, abs=1e-6)
    for ours, theirs in zip(without_times(native), without_times(reference), strict=True):
        assert ours == pytest.approx(theirs, rel=1e-5)


@pytest.mark.parametrize("epochs", [0.5, 1, 2.3, 2.5])
def test_goes_on_amid_an_epoch_to_the_same_bits(tmp_path, epochs):
    adam = {"optimizer": {"adam": {"learning_rate": 0.01}}}
    whole, one = trainer(epochs=4, **adam), trainer(epochs=epochs, **adam)
    for each in (whole, one):
        each.run()
    again = resumed(one, tmp_path / "c.safetensors", epochs=4, **adam)
    assert again.amid == (epochs != 1)
    again.run()
    assert bits(again) == bits(whole) and again.history.epochs == 4
    assert again.history[-1]["validation_loss" if again.validation else "loss"] == whole.history[-1]["loss"]


def test_fit_counts_an_epoch_that_ends_early():
    model = Model(NETWORK)
    options = {"loss": "squared_error", "optimizer": {"sgd": {"learning_rate": 0.1}}, "batch_size": 16}
    history = model.fit((X, Y), epochs=1.5, **options)
    assert history.column("epoch") == [1, 1.5]
    assert (model.course.epochs, model.course.steps, model.course.updates) == (2, 6, 6)
    model.fit((X, Y), epochs=1, **options)
    assert (model.course.epochs, model.course.steps, model.course.updates) == (3, 10, 10)


@pytest.mark.parametrize("until", [1, 2, 3, 5, 7])
def test_plateau_and_early_stopping_go_on_with_the_same_bits(tmp_path, until):
    settings = {
        "schedule": {"plateau": {"patience": 0, "factor": 0.5, "threshold": 0.9, "warmup_epochs": 1.5}},
        "early_stopping": {"patience": 3, "min_delta": 0.01},
        "epochs": 40,
    }
    validation = Dataset(X[:10], Y[:10])
    whole = trainer(validation=validation, **settings)
    whole.run()
    rates = whole.history.column("learning_rate")
    assert len({*rates}) > 3 and whole.ended_by == "early_stopping" and len(rates) > until, "both have something to do"
    one = trainer(validation=validation, **settings)
    for _ in range(until):
        one._one_epoch()
        one.keep_best()
    again = resumed(one, tmp_path / "c.safetensors", **settings)
    assert not again.timeline.changed(again.history)
    again.run()
    assert bits(again) == bits(whole) and without_times(again) == without_times(whole)


def test_plateau_needs_what_it_monitors():
    with pytest.raises(ValueError, match="the schedule plateau monitors validation_loss, but there is no validation"):
        trainer(schedule="plateau")
    with pytest.raises(ValueError, match="accuracy cannot be measured: the targets are values"):
        trainer(schedule={"plateau": {"monitor": "accuracy"}})


def ticking(one, seconds=1.0):
    """Let each look at the clock be so much later."""
    ticks = itertools.count()
    one.clock = lambda: seconds * next(ticks)
    return one


def limited(limit, engine="reference", **changes):
    """A trainer whose every step takes a second, and each epoch one more."""
    return ticking(trainer(epochs=10, time_limit=limit, engine=engine, **changes))


def test_a_time_limit_ends_an_epoch_between_two_steps():
    one = limited("7 s")
    one.run()
    assert one.history.column("epoch") == [1, 1.5] and one.ended_by == "time_limit"
    assert one.history.column("seconds") == [5, 3], "told four times, and at the end"
    same = trainer(epochs=1.5, engine="reference")
    same.run()
    assert bits(one) == bits(same) and one.history[-1]["loss"] == same.history[-1]["loss"]


@pytest.mark.parametrize("engine", ["native", "reference"])
def test_a_limit_at_the_end_of_an_epoch(engine):
    one = limited(1, engine)
    one.run()
    assert one.ended_by == "time_limit" and len(one.history) == 1 and 0 < one.history.epochs <= 1


def test_the_time_before_a_resume_counts(tmp_path):
    one = limited("7 s")
    one.run()
    again = ticking(resumed(one, tmp_path / "c.safetensors", epochs=10, time_limit=7, engine="reference"))
    assert again.over and again.ended_by == "time_limit"
    again = ticking(resumed(one, tmp_path / "c.safetensors", epochs=10, time_limit="12 s", engine="reference"))
    again.run()
    assert again.history.column("epoch") == [1, 1.5, 2, 2.25] and again.ended_by == "time_limit"
    same = trainer(epochs=2.25, engine="reference")
    same.run()
    assert bits(again) == bits(same), "the rest of the epoch, and not another shuffle"


def test_nothing_ends_what_is_over():
    one = limited(1000)
    one.run()
    assert one.history.epochs == 10 and one.ended_by == ""


@pytest.mark.parametrize(
    ("written", "seconds"), [(90, 90), (0.5, 0.5), ("90 s", 90), ("10min", 600), ("1.5 h", 5400), ("2 min", 120)]
)
def test_times(written, seconds):
    assert trainer(time_limit=written).settings.time_limit == seconds


@pytest.mark.parametrize("written", ["10", "10 m", "-1 s", "0 s", 0, -1, "ten min", "9" * 400 + " s", "1:30"])
def test_no_times(written):
    with pytest.raises(ValueError, match="time_limit: "):
        trainer(time_limit=written)


def test_points_in_python_are_numbers():
    one = trainer(schedule={"pieces": {"points": {0: 0.1, 2.5: 0.2}}})
    assert isinstance(one, Trainer) and one.settings.schedule.points == {"0": 0.1, "2.5": 0.2}
    assert isinstance(trainer(epochs=np.float64(3.0)).settings.epochs, int)
