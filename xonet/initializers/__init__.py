"""How weights are initialized, one module each: a record with a `draw` method."""

from __future__ import annotations

from xonet.initializers._base import INITIALIZERS, Initializer

__all__ = ["INITIALIZERS", "Initializer"]
