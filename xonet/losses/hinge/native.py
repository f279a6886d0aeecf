"""Kernel of `hinge`."""

from __future__ import annotations

from xonet.kernels import bits_to_f32, fma, kernel, load, select, splat, store
from xonet.losses._site import LossSite
from xonet.losses.hinge import Hinge


@kernel
def gradient(scores, targets, weight, dy, outputs, margin):
    """The weight of each class that is too near, and the negative sum of them for the right one.

    A score that is no number makes all of them none.
    """
    right = splat(0.0)
    for n in range(outputs):
        right = fma(load(targets, n), load(scores, n), right)
    lead, weights, all_near = splat(bits_to_f32(margin)) - right, load(weight, 0) / outputs, right * 0.0
    for n in range(outputs):
        near = select(lead + load(scores, n) > 0.0, (1.0 - load(targets, n)) * weights, load(scores, n) * 0.0)
        store(dy, n, near)
        all_near = all_near + near
    for n in range(outputs):
        store(dy, n, fma(-load(targets, n), all_near, load(dy, n)))


def lower(loss: Hinge, site: LossSite) -> None:
    """One row."""
    site.row(gradient, site.scores, site.targets, site.weight, site.dy, site.outputs, loss.margin)
