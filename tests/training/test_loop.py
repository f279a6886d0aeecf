"""The loop over epochs, without files: what a caller in Python sees."""

from __future__ import annotations

import numpy as np
import pytest

from xonet.data import Dataset
from xonet.model import Model
from xonet.network import loads
from xonet.training import History, LossIsNaN, Settings, Trainer

NETWORK = loads("xonet: 1\ninput: {features: 3}\nlayers: [{dense: {units: 2}}]\noutput: {values: 2}\n")
X = np.random.default_rng(0).normal(size=(50, 3)).astype(np.float32)
Y = (X @ np.array([[1, 2], [0, -1], [3, 0]]) + [0.5, -0.5]).astype(np.float32)


def trainer(x=X, y=Y, validation=None, engine="native", **changes):
    model = Model(NETWORK, engine=engine)
    known = {"loss": "squared_error", "optimizer": {"sgd": {"learning_rate": 0.1}}, "epochs": 4, "batch_size": 16}
    return Trainer(model, Dataset(x, y), validation, Settings.of(NETWORK, **{**known, **changes}))


def test_rows():
    seen = []
    one = trainer(validation=Dataset(X[:5], Y[:5]))
    one.on_epoch = lambda row: seen.append(dict(row))
    one.run()
    assert seen == list(one.history) and len(one.history) == 4
    assert [row["epoch"] for row in seen] == [1, 2, 3, 4]
    assert set(seen[0]) == {"epoch", "loss", "validation_loss", "learning_rate", "seconds"}, "values have no accuracy"
    assert one.timeline.steps_per_epoch == 4
    losses = one.history.column("validation_loss")
    assert losses == sorted(losses, reverse=True) and losses[-1] < losses[0] / 2


def test_the_learning_rate_follows_the_schedule():
    one = trainer(schedule={"cosine": {}}, epochs=5)
    one.run()
    rates = one.history.column("learning_rate")
    assert rates == sorted(rates, reverse=True) and rates[0] < 0.1
    settings = one.settings
    assert rates[-1] == settings.schedule.rate(0.1, 19, 4, 5)


def test_a_batch_larger_than_the_data_is_the_data():
    large, exact = trainer(batch_size=1_000_000_000), trainer(batch_size=50)
    for one in (large, exact):
        one.run()
    assert (large.model.plan.flat == exact.model.plan.flat).all() and large.timeline.steps_per_epoch == 1


def test_without_shuffling_the_order_is_the_datas():
    orders = []

    class Spy:
        def train(self, recipe, state, epoch, on_step=None, take=None):
            orders.append(list(epoch.order))
            return np.zeros((50, 2), np.float32), -1

        def scores(self, pictures):
            raise AssertionError

        gradient = scores

    for shuffle in (False, True):
        one = trainer(shuffle=shuffle, epochs=2)
        one.model.engine = Spy()
        one.run()
    assert orders[0] == orders[1] == list(range(50))
    assert orders[2] != orders[3] and sorted(orders[2]) == sorted(orders[3]) == list(range(50))


@pytest.mark.parametrize("engine", ["native", "reference"])
def test_a_picture_that_is_no_number_names_epoch_and_step(engine):
    x = X.copy()
    x[40, 1] = np.nan
    one = trainer(x, shuffle=False, engine=engine)
    before = one.model.plan.flat.copy()
    said = "in step 3 of epoch 1; the weights from before the first epoch are kept"
    with pytest.raises(LossIsNaN, match=said) as raised:
        one.run()
    assert (raised.value.epoch, raised.value.step) == (1, 3)
    assert (one.model.plan.flat == before).all() and len(one.history) == 0


@pytest.mark.parametrize("engine", ["native", "reference"])
def test_weights_that_become_no_numbers_in_the_last_step(engine):
    """No loss of this epoch has seen them, and there is no validation: they must not be kept."""
    one = trainer(batch_size=50, optimizer={"sgd": {"learning_rate": 3e38}}, engine=engine)
    before = one.model.plan.flat.copy()
    with pytest.raises(LossIsNaN, match="in step 1 of epoch 1"):
        one.run()
    assert (one.model.plan.flat == before).all()


@pytest.mark.parametrize("engine", ["native", "reference"])
def test_infinite_scores_under_an_error_with_finite_gradients(engine):
    x = X.copy()
    x[20] = 3e38
    one = trainer(x, loss="absolute_error", shuffle=False, engine=engine)
    one.model.parameters["layers.0.weights"][...] = 2
    with pytest.raises(LossIsNaN, match="in step 2 of epoch 1"):
        one.run()


def test_validation_that_becomes_no_number():
    bad = Dataset(np.full((3, 3), np.nan, np.float32), np.zeros((3, 2), np.float32))
    one = trainer(validation=bad)
    with pytest.raises(LossIsNaN, match="on the validation data of epoch 1") as raised:
        one.run()
    assert raised.value.step is None


def test_what_cannot_be_trained():
    with pytest.raises(ValueError, match="at least one picture"):
        trainer(X[:0], Y[:0])
    with pytest.raises(ValueError, match="at least one picture"):
        trainer(validation=Dataset(X[:0], Y[:0]))
    with pytest.raises(ValueError, match="monitors validation_loss, but there is no validation data"):
        trainer(early_stopping={})
    with pytest.raises(ValueError, match="accuracy cannot be measured: the targets are values"):
        trainer(early_stopping={"monitor": "accuracy"})


def stopped(values, **stopping):
    """Where early stopping ends a training whose monitored values are these, and which epoch it takes for the best."""
    one = trainer(early_stopping={"monitor": "loss", **stopping}, epochs=len(values))
    rows = [{"epoch": number, "loss": value, "accuracy": 1 - value} for number, value in enumerate(values, 1)]
    for count in range(1, len(rows) + 1):
        one.history = History(rows[:count])
        if one.over:
            break
    return count, one.best_epoch + 1


def test_early_stopping():
    assert stopped([5, 4, 3, 2], patience=0) == (4, 4)
    assert stopped([5, 5, 4], patience=0) == (2, 1)
    assert stopped([5, 6, 7, 4, 8, 8, 8], patience=2) == (7, 4)
    assert stopped([5, 6, 7, 8, 4], patience=2) == (4, 1)
    assert stopped([5, 4.9, 4.8, 4.7, 4.6], patience=3, min_delta=0.25) == (5, 4), "a little better each time adds up"


def test_early_stopping_after_the_monitor_was_changed():
    one = trainer(early_stopping={"monitor": "validation_loss"}, validation=Dataset(X, Y))
    one.history = History([{"epoch": 1, "loss": 1.0}, {"epoch": 2, "loss": 1.0, "validation_loss": 2.0}])
    assert one.best_epoch == 1
