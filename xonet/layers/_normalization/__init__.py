"""What layers have in common that normalize sets of one picture's values; a layer says which values are a set."""

from __future__ import annotations

from xonet.layers._normalization._base import Normalization, OverAxes, Sets

__all__ = ["Normalization", "OverAxes", "Sets"]
