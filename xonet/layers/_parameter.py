"""What a layer learns or keeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from xonet.initializers import Initializer


@dataclass(frozen=True)
class Parameter:
    """An array that a layer learns or keeps."""

    name: str
    """Within its layer: `weights`, `bias`, `scale`, ..."""
    shape: tuple[int, ...]
    fan_in: int = 1
    fan_out: int = 1
    init: Initializer | None = None
    """None: the default for weights, see `default_initializer`."""
    literal: object = None
    """Numbers from the file, nested lists in `shape` or a shape that differs from it by lengths of 1."""
    constant: float | None = None
    """Where every value begins as this."""
    trainable: Any = True
    """Whether training changes it, always or in some epochs: true or false in the end."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "trainable", bool(self.trainable))
