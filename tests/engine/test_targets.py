"""Targets that a caller brings: labels, one score's classes, a network's own input; and losses that do not fit."""

from __future__ import annotations

import numpy as np
import pytest

import xonet
from xonet.losses import LOSSES
from xonet.model import Model

HEAD = "xonet: 1\ninput: {height: 3, width: 3}\nlayers: [{dense: {units: %d}}]\n"
LABELS = HEAD % 2 + "output: {labels: [cat, dog]}\n"
ONE_SCORE = HEAD % 1 + "output: {classes: [X, O]}\n"
OWN = HEAD % 9 + "data: {targets: input}\n"
SETTINGS = {"optimizer": {"sgd": {"learning_rate": 0.1}}, "epochs": 2}
PICTURES = np.random.default_rng(0).integers(0, 256, (20, 3, 3, 1), np.uint8)


def model(text):
    return Model(xonet.loads(text))


def test_labels_are_zeros_and_ones_of_any_type():
    own, held = model(LABELS), np.random.default_rng(1).integers(0, 2, (20, 2))
    losses = [own.gradients(PICTURES, held.astype(kind))[0] for kind in (bool, np.uint8, np.int64, np.float32)]
    assert len(set(losses)) == 1
    history = own.fit((PICTURES, held), loss="binary_cross_entropy", **SETTINGS)
    assert set(history[0]) >= {"loss", "accuracy"}
    with pytest.raises(ValueError, match="labels must be 1 where they hold and 0 where not, not 0 to 2"):
        own.dataset((PICTURES, held * 2))
    with pytest.raises(ValueError, match=r"labels of shape \(n, 2\) are needed"):
        own.dataset((PICTURES, held[:, 0]))


def test_one_score_takes_two_class_numbers():
    own = model(ONE_SCORE)
    own.fit((PICTURES, np.arange(20) % 2), loss="binary_cross_entropy", **SETTINGS)
    found = own.probabilities(own.predict(PICTURES))
    assert found.shape == (20, 2)
    np.testing.assert_allclose(found.sum(axis=1), 1)
    np.testing.assert_allclose(found[:, 1], 1 / (1 + np.exp(-own.predict(PICTURES)[:, 0])), rtol=1e-5)
    with pytest.raises(ValueError, match="class numbers must be from 0 to 1, not 0 to 2"):
        own.dataset((PICTURES, np.arange(20) % 3))


def test_a_network_that_gives_its_input_back_needs_no_targets():
    own = model(OWN)
    loss, gradients = own.gradients(PICTURES, None)
    expected, same = own.gradients(PICTURES, PICTURES / np.float32(255))
    assert loss == pytest.approx(expected)
    for name, gradient in gradients.items():
        np.testing.assert_allclose(gradient, same[name], rtol=1e-5, atol=1e-6)
    assert own.fit((PICTURES, None), (PICTURES, None), loss="squared_error", **SETTINGS)[1]["validation_loss"] < loss
    with pytest.raises(ValueError, match="training needs targets"):
        model(LABELS).dataset((PICTURES, None))


@pytest.mark.parametrize(
    ("text", "targets", "loss", "instead"),
    [
        (LABELS, np.ones((20, 2), int), "cross_entropy", "binary_cross_entropy"),
        (ONE_SCORE, np.ones(20, int), "hinge", "binary_cross_entropy"),
        (OWN, None, "focal", "squared_error"),
    ],
    ids=["labels", "one score", "own"],
)
def test_a_loss_for_something_else_is_refused(text, targets, loss, instead):
    with pytest.raises(ValueError, match=f"{loss} is not for .*; give {instead}"):
        model(text).fit((PICTURES, targets), loss=loss, **SETTINGS)


def test_the_usual_loss_follows_from_what_is_asked_for():
    usual = {text: LOSSES.word(model(text).loss) for text in (LABELS, ONE_SCORE, OWN)}
    assert usual == {LABELS: "binary_cross_entropy", ONE_SCORE: "binary_cross_entropy", OWN: "squared_error"}


def test_class_weights_are_a_setting_of_fit():
    own = model(HEAD % 2 + "output: {classes: [X, O]}\n")
    settings = {"loss": "cross_entropy", **SETTINGS}
    with pytest.raises(ValueError, match="there is no class 'Q'"):
        own.fit((PICTURES, np.arange(20) % 2), class_weights={"Q": 2}, **settings)
    with pytest.raises(ValueError, match="class_weights: 'even' is not one of"):
        own.fit((PICTURES, np.arange(20) % 2), class_weights="even", **settings)
    own.fit((PICTURES, np.arange(20) % 2), class_weights="balanced", **settings)
