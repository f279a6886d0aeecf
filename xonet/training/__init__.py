"""Training: the loop over epochs, what it measures, and what it keeps on disk."""

from __future__ import annotations

from xonet.training.fitting import fit
from xonet.training.history import History
from xonet.training.loop import LossIsNaN, Trainer
from xonet.training.settings import Settings

__all__ = ["History", "LossIsNaN", "Settings", "Trainer", "fit"]
