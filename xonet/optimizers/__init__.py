"""Optimizers, one package each: `__init__` declares, `reference` steps in plain NumPy, `native` holds the kernel.

`reference` has `step(optimizer, parameters, gradient, state, learning_rate, number)`, which changes one parameter, an
array of any shape, and what is kept for it in `state` (arrays of that shape by name, zeros at first) in place; `number`
counts steps from 1.
"""

from __future__ import annotations

from xonet.optimizers._base import OPTIMIZERS, Optimizer

__all__ = ["OPTIMIZERS", "Optimizer"]
