"""Kernel of `squared_error`."""

from __future__ import annotations

from xonet.kernels import kernel, load, store
from xonet.losses._site import LossSite
from xonet.losses.squared_error import SquaredError


@kernel
def gradient(scores, targets, weight, dy, outputs):
    """Twice the error, times each picture's weight."""
    for n in range(outputs):
        store(dy, n, 2.0 * (load(scores, n) - load(targets, n)) * load(weight, 0))


def lower(loss: SquaredError, site: LossSite) -> None:
    """One row."""
    site.row(gradient, site.scores, site.targets, site.weight, site.dy, site.outputs)
