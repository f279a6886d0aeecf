"""What `Model.fit` does: settings from keywords, a trainer, and from there where the last call ended."""

from __future__ import annotations

from typing import Any

from xonet.data import Dataset
from xonet.training.course import Trainable
from xonet.training.history import History
from xonet.training.loop import LossIsNaN, Trainer
from xonet.training.settings import Settings


def fit(
    model: Trainable, train: Dataset, validation: Dataset | None, *, restart: bool = False, **settings: Any
) -> History:
    """Train a model; see `Model.fit`."""
    chosen = Settings.of(model.network, **settings)
    if not isinstance(restart, bool):
        raise ValueError(f"restart must be True or False, not {restart!r}")
    plan = model.plan
    if plan.training.mine or plan.turn.mine:
        raise RuntimeError(
            "this model is busy: it cannot be trained from within another call on it, such as a callback"
        )
    return plan.training.take(_fit, model, train, validation, chosen, restart)


def _fit(model: Trainable, train: Dataset, validation: Dataset | None, settings: Settings, restart: bool) -> History:
    trainer = Trainer(model, train, validation, settings, course=None if restart else model.course)
    finished = -1
    try:
        trainer.run_in_turn()
        finished = 0
    except LossIsNaN:
        finished = 0
        raise
    finally:
        # an epoch that Ctrl-C ends counts as one: its random numbers are not drawn again
        model.course = trainer.course(-finished)
    return trainer.history
