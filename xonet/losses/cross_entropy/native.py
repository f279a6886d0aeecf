"""Kernel of `cross_entropy`."""

from __future__ import annotations

from xonet.kernels import bits_to_f32, fma, kernel, load, maximum, splat, store
from xonet.kernels.mathematics import exp
from xonet.losses._site import LossSite
from xonet.losses.cross_entropy import CrossEntropy


@kernel
def gradient(scores, targets, weight, dy, outputs, smoothing):
    """Softmax of the scores minus the smoothed targets, times each picture's weight."""
    most = load(scores, 0)
    for n in range(1, outputs):
        most = maximum(most, load(scores, n))
    total = splat(0.0)
    for n in range(outputs):
        power = exp(load(scores, n) - most)
        store(dy, n, power)
        total = total + power
    weights, even = load(weight, 0), bits_to_f32(smoothing) / outputs
    all_wanted = splat(0.0)
    for n in range(outputs):
        all_wanted = all_wanted + fma(load(targets, n), splat(1.0 - bits_to_f32(smoothing)), splat(even))
    for n in range(outputs):
        wanted = fma(load(targets, n), splat(1.0 - bits_to_f32(smoothing)), splat(even))
        store(dy, n, (load(dy, n) / total * all_wanted - wanted) * weights)


def lower(loss: CrossEntropy, site: LossSite) -> None:
    """One row."""
    site.row(gradient, site.scores, site.targets, site.weight, site.dy, site.outputs, loss.label_smoothing)
