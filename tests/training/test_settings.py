"""Settings are the file's, with what a caller changes, which must be what the file could say."""

from __future__ import annotations

import numpy as np
import pytest

from tests.cli.conftest import SMALL
from xonet.network import loads
from xonet.optimizers.sgd import Sgd
from xonet.training import Settings

NETWORK = loads(SMALL)
BARE = loads("xonet: 1\ninput: {features: 3}\nlayers: [{dense: {units: 2}}]\n")


def test_the_files_own():
    settings = Settings.of(NETWORK)
    assert (settings.epochs, settings.batch_size, settings.seed, settings.shuffle) == (3, 48, 0, True)
    assert settings.optimizer.learning_rate == 0.03 and len(settings.augment) == 2
    assert settings.early_stopping.patience == 1000


def test_changes():
    optimizer = Sgd(learning_rate=0.5)
    settings = Settings.of(
        NETWORK, epochs=np.int64(7), loss="squared_error", optimizer=optimizer, schedule={"cosine": {}},
        early_stopping=None, augment=[{"shift": {"pixels": 2}}], shuffle=False,
    )  # fmt: skip
    assert (settings.epochs, settings.batch_size, settings.shuffle) == (7, 48, False)
    assert settings.optimizer is optimizer and settings.early_stopping is None
    assert settings.augment[0].pixels == 2 and type(settings.loss).__name__ == "SquaredError"
    assert Settings.of(NETWORK, early_stopping={"patience": 2}).early_stopping.patience == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"epoch": 3}, "there is no setting epoch, only loss, optimizer"),
        ({"batch_size": 0}, "batch_size: 0 is less than the minimum of 1"),
        ({"batch_size": 2.5}, "batch_size: 2.5 is not of type 'integer'"),
        ({"batch_size": None}, "batch_size: None is not of type 'integer'"),
        ({"epochs": "3"}, "epochs: '3' is not of type 'number'"),
        ({"epochs": -1}, "epochs: -1 is less than the minimum of 0"),
        ({"loss": "cros_entropy"}, "loss: 'cros_entropy' is not one of"),
        ({"optimizer": {"sgd": {"learning_rate": 0}}}, "optimizer: 0 is less than or equal to the minimum of 0"),
        ({"optimizer": "sgd"}, "optimizer: "),
        ({"optimizer": {"sgd": {"learning_rate": 1, "speed": 2}}}, "optimizer: "),
        ({"augment": [{"shift": {"pixels": -1}}]}, "augment: "),
        ({"early_stopping": {"patience": -1}}, "early_stopping: -1 is less"),
    ],
    ids=str,
)
def test_wrong_changes(change, said):
    with pytest.raises(ValueError) as raised:
        Settings.of(NETWORK, **change)
    assert str(raised.value).startswith(said), raised.value


def test_a_network_without_training():
    with pytest.raises(ValueError, match="the network has no training section: give epochs, optimizer"):
        Settings.of(BARE, loss="cross_entropy")
    optimizer = {"adam": {"learning_rate": 0.1}}
    settings = Settings.of(BARE, loss="cross_entropy", optimizer=optimizer, epochs=2, batch_size=5)
    assert (settings.epochs, settings.batch_size, settings.augment) == (2, 5, ())
