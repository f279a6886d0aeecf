"""Kernel of `squared_error`."""

from __future__ import annotations

from xonet.kernels import bits_to_f32, kernel, load, store
from xonet.losses import factor
from xonet.losses._site import LossSite
from xonet.losses.squared_error import SquaredError


@kernel
def gradient(scores, targets, weight, dy, outputs, factor):
    """Twice the error times `factor`, times each picture's weight."""
    for n in range(outputs):
        store(dy, n, 2.0 * bits_to_f32(factor) * (load(scores, n) - load(targets, n)) * load(weight, 0))


def lower(loss: SquaredError, site: LossSite) -> None:
    """One row."""
    site.row(gradient, site.scores, site.targets, site.weight, site.dy, site.outputs, factor(loss, site.outputs))
