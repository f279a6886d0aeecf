"""Kernel of `huber`."""

from __future__ import annotations

from xonet.kernels import bits_to_f32, fma, kernel, load, maximum, splat, store
from xonet.losses import factor
from xonet.losses._site import LossSite
from xonet.losses.huber import Huber


@kernel
def gradient(scores, targets, weight, dy, outputs, delta, factor):
    """The error between -delta and delta, times `factor` and each picture's weight; an infinite one gives NaN."""
    weights, most = load(weight, 0) * bits_to_f32(factor), splat(bits_to_f32(delta))
    for n in range(outputs):
        error = load(scores, n) - load(targets, n)
        clipped = -maximum(-maximum(error, -most), -most)
        store(dy, n, fma(error, splat(0.0), clipped) * weights)


def lower(loss: Huber, site: LossSite) -> None:
    """One row."""
    site.row(
        gradient, site.scores, site.targets, site.weight, site.dy, site.outputs,
        loss.delta, factor(loss, site.outputs),
    )  # fmt: skip
