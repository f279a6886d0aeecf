"""Kernel of `absolute_error`."""

from __future__ import annotations

from xonet.kernels import bits_to_f32, kernel, load, select, splat, store
from xonet.losses import factor
from xonet.losses._site import LossSite
from xonet.losses.absolute_error import AbsoluteError


@kernel
def gradient(scores, targets, weight, dy, outputs, factor):
    """The error's sign times `factor`, times each picture's weight; an error that is no number stays none."""
    weights = load(weight, 0) * bits_to_f32(factor)
    for n in range(outputs):
        error = load(scores, n) - load(targets, n)
        sign = select(error > 0.0, weights, select(error < 0.0, -weights, error * splat(0.0)))
        store(dy, n, sign)


def lower(loss: AbsoluteError, site: LossSite) -> None:
    """One row."""
    site.row(gradient, site.scores, site.targets, site.weight, site.dy, site.outputs, factor(loss, site.outputs))
