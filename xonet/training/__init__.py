"""Training: the loop over epochs, what it measures, and what it keeps on disk."""

from __future__ import annotations

from typing import Any

from xonet.data import Dataset
from xonet.engine.model import Model
from xonet.training.history import History
from xonet.training.loop import LossIsNaN, Trainer
from xonet.training.settings import Settings

__all__ = ["History", "LossIsNaN", "Settings", "Trainer", "fit"]


def fit(model: Model, train: Dataset, validation: Dataset | None, **settings: Any) -> History:
    """Train a model; see `Model.fit`."""
    trainer = Trainer(model, train, validation, Settings.of(model.network, **settings))
    trainer.run()
    return trainer.history
