"""Kernel of `cosine_distance`."""

from __future__ import annotations

from xonet.kernels import fma, kernel, load, maximum, select, splat, sqrt, store
from xonet.losses._site import LossSite
from xonet.losses.cosine_distance import CosineDistance


@kernel
def gradient(scores, targets, weight, dy, outputs):
    """(cosine · score / |score| - target / |target|) / |score|, times each picture's weight."""
    square, wanted, along = splat(0.0), splat(0.0), splat(0.0)
    for n in range(outputs):
        score, target = load(scores, n), load(targets, n)
        square, wanted, along = fma(score, score, square), fma(target, target, wanted), fma(score, target, along)
    least = splat(1e-8)
    length, wanted_length = maximum(sqrt(square), least), maximum(sqrt(wanted), least)
    cosine = select(length > least, along / (length * wanted_length), splat(0.0))
    outer = load(weight, 0) / length
    for n in range(outputs):
        store(dy, n, (cosine * load(scores, n) / length - load(targets, n) / wanted_length) * outer)


def lower(loss: CosineDistance, site: LossSite) -> None:
    """One row."""
    site.row(gradient, site.scores, site.targets, site.weight, site.dy, site.outputs)
