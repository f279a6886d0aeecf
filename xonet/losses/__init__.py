"""Losses, one package each: `__init__` declares, `reference` computes in plain NumPy, `native` holds the kernel.

`reference` has `forward(loss, scores, targets)`, the loss of each picture (n,); `backward(loss, scores, targets)`,
the gradient (n, outputs) of each picture's own loss, not yet of their mean; and `probabilities(loss, scores)`, what a
user is shown for scores (n, outputs). Targets are (n, outputs): 1 for the right class or each label that holds and 0
elsewhere, or the values to reach. `loss.answers` says which of these they are.
"""

from __future__ import annotations

from xonet.losses._base import ANSWERS, CLASSES, INPUT, LABELS, LOSSES, ONE_SCORE, TOLD, VALUES, Loss, factor, reduction

__all__ = [
    "ANSWERS",
    "CLASSES",
    "INPUT",
    "LABELS",
    "LOSSES",
    "ONE_SCORE",
    "TOLD",
    "VALUES",
    "Loss",
    "factor",
    "reduction",
]
