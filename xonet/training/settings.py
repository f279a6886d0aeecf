"""Training settings: the file's `training:` and `data.augment`, with the caller's changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from xonet.data.augment import Augmentation
from xonet.language.fields import Record
from xonet.losses import INPUT, LOSSES, Loss
from xonet.metrics import asked_for
from xonet.network import Network
from xonet.network.document import Data, EarlyStopping, Training
from xonet.network.learning import Ema, GradientClip, Swa
from xonet.optimizers import Optimizer
from xonet.schedules import Schedule
from xonet.turns import imported


@dataclass(frozen=True)
class Settings:
    """How to train; the names are those used in the file."""

    loss: Loss
    optimizer: Optimizer
    schedule: Schedule
    epochs: float
    batch_size: int
    seed: int
    shuffle: bool
    early_stopping: EarlyStopping | None
    augment: tuple[Augmentation, ...]
    class_weights: str | dict[str, float] | None = None
    gradient_clip: GradientClip | None = None
    accumulate: int = 1
    ema: Ema | None = None
    swa: Swa | None = None
    time_limit: float | None = None
    metrics: tuple[str, ...] = ()

    @property
    def measured(self) -> list[str]:
        """The metrics that each epoch is measured by: those asked for, and those monitored."""
        return asked_for(self.metrics, self.early_stopping, self.schedule)

    @classmethod
    def of(cls, network: Network, **changes: Any) -> Settings:
        """The network's settings; `changes` are written as in the file (`optimizer={"adam": {...}}`), or are records.

        Raises:
            ValueError: for an unknown setting, or a value that is not valid in a file either; and if the file has no
                `training:` and no loss, optimizer and epochs are given.
        """
        names = list(cls.__dataclass_fields__)
        if unknown := sorted(set(changes) - set(names)):
            raise ValueError(f"there is no setting {', '.join(unknown)}, only {', '.join(names)}")
        values = {name: _value(name, written) for name, written in changes.items()}
        document = network.document
        training = document.training
        if training is None:
            needed = {"loss", "optimizer", "epochs"}
            if missing := sorted(needed - set(values)):
                raise ValueError(f"the network has no training section: give {', '.join(missing)}")
            training = Training(**{name: values[name] for name in needed})
        augment = tuple(document.data.augment) if document.data else ()
        own = {name: getattr(training, name) for name in names if name != "augment"}
        chosen = replace(cls(**own, augment=augment), **values)
        return replace(chosen, loss=_fitting(chosen.loss, network))


def _fitting(loss: Loss, network: Network) -> Loss:
    """The loss for what the network is asked for.

    Raises:
        ValueError: where it does not measure that.
    """
    answers = network.answers
    if answers not in loss.fits and (network.document.output is not None or answers == INPUT):
        raise ValueError(f"loss: {LOSSES.word(loss)} is not for {answers}; give {network.usual_loss}, for example")
    return loss.of(answers)


def _value(name: str, written: Any) -> Any:
    """What a setting's plain value stands for.

    Raises:
        ValueError: where the file could not have this value.
    """
    member = (Data if name == "augment" else Training).fields[name]
    if isinstance(written, np.generic):
        written = written.item()
    if isinstance(written, Record) or (written is None and member.default is None):
        return written
    if isinstance(written, bool | int | float | str):
        return _plain(name, type(written).__name__, written)
    return _checked(name, written)


@lru_cache(256)
def _plain(name: str, kind: str, written: Any) -> Any:
    """The same, of a value that was checked before: a short `fit` would take longer to check than to train."""
    return _checked(name, written)


def _checked(name: str, written: Any) -> Any:
    member = (Data if name == "augment" else Training).fields[name]
    # records in a list were checked when they were made
    if isinstance(written, dict):
        written = _as_in_a_file(written)
    plain = [item for item in written if not isinstance(item, Record)] if isinstance(written, list | tuple) else written
    if fault := _fault(member.schema(), plain):
        raise ValueError(f"{name}: {fault}")
    return member.kind.value(written)


def _as_in_a_file(written: Any) -> Any:
    """Mappings with keys that are text, as a file has them: `{0: 0.1}` in Python is `{"0": 0.1}`."""
    if isinstance(written, dict):
        return {str(key): _as_in_a_file(value) for key, value in written.items()}
    return written


def _fault(part: dict[str, Any], plain: Any) -> str:
    """What is wrong with a value by its part of the schema, or nothing."""
    validator, schema = imported("xonet.language.check").validator, imported("xonet.network.schema").schema
    best_match = imported("jsonschema.exceptions").best_match
    found = best_match(validator({**part, "$defs": schema()["$defs"]}).iter_errors(plain))
    return found.message if found else ""
