"""What training goes by: the file's `training:` and `data.augment`, with what a caller changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from xonet.data.augment import AUGMENTATIONS, Augmentation
from xonet.losses import LOSSES, Loss
from xonet.network.document import EarlyStopping, Training
from xonet.optimizers import OPTIMIZERS, Optimizer
from xonet.schedules import SCHEDULES, Schedule

if TYPE_CHECKING:
    from xonet.network import Network

FAMILIES: dict[str, Any] = {"loss": LOSSES, "optimizer": OPTIMIZERS, "schedule": SCHEDULES}


@dataclass(frozen=True)
class Settings:
    """How to train; the names are the file's."""

    loss: Loss
    optimizer: Optimizer
    schedule: Schedule
    epochs: int
    batch_size: int
    seed: int
    shuffle: bool
    early_stopping: EarlyStopping | None
    augment: tuple[Augmentation, ...]

    @classmethod
    def of(cls, network: Network, **changes: Any) -> Settings:
        """The network's settings; `changes` may say a loss, an optimizer, ... as the file would (`{"adam": {...}}`).

        Raises:
            ValueError: for a setting there is not, or where the file has no `training:` and no optimizer is given.
        """
        names = set(cls.__dataclass_fields__)
        if unknown := set(changes) - names:
            raise ValueError(f"no such setting: {', '.join(sorted(unknown))}; there are {', '.join(sorted(names))}")
        training = network.document.training
        if training is None:
            missing = {"loss", "optimizer", "epochs"} - set(changes)
            if missing:
                raise ValueError(f"the network has no training section: give {', '.join(sorted(missing))}")
            training = Training(**{name: changes[name] for name in ("loss", "optimizer", "epochs")})
        data = network.document.data
        settings = cls(
            training.loss,
            training.optimizer,
            training.schedule,
            training.epochs,
            training.batch_size,
            training.seed,
            training.shuffle,
            training.early_stopping,
            tuple(data.augment) if data else (),
        )
        return replace(settings, **{name: _value(name, plain) for name, plain in changes.items()})


def _value(name: str, plain: Any) -> Any:
    if name in FAMILIES:
        return FAMILIES[name].make(plain)
    if name == "augment":
        items: Sequence[Any] = plain
        return tuple(AUGMENTATIONS.make(item) for item in items)
    if name == "early_stopping" and isinstance(plain, dict):
        return EarlyStopping(**plain)
    return plain
