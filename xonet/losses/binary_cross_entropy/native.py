"""Kernel of `binary_cross_entropy`."""

from __future__ import annotations

from xonet.kernels import bits_to_f32, fma, kernel, load, splat, store
from xonet.kernels.mathematics import sigmoid
from xonet.losses import factor
from xonet.losses._site import LossSite
from xonet.losses.binary_cross_entropy import BinaryCrossEntropy


@kernel
def gradient(scores, targets, weight, dy, outputs, smoothing, factor):
    """Sigmoid of each score minus its smoothed target, times `factor` and each picture's weight.

    A score that is infinite gives NaN, as its loss is.
    """
    weights = load(weight, 0) * bits_to_f32(factor)
    kept, even = splat(1.0 - bits_to_f32(smoothing)), splat(0.5 * bits_to_f32(smoothing))
    for n in range(outputs):
        score = load(scores, n)
        wanted = fma(load(targets, n), kept, even)
        store(dy, n, (fma(score, splat(0.0), sigmoid(score)) - wanted) * weights)


def lower(loss: BinaryCrossEntropy, site: LossSite) -> None:
    """One row."""
    site.row(
        gradient, site.scores, site.targets, site.weight, site.dy, site.outputs,
        loss.label_smoothing, factor(loss, site.outputs),
    )  # fmt: skip
