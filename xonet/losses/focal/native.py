"""Kernels of `focal`: for classes, and for labels or one score."""

from __future__ import annotations

from xonet.kernels import bits_to_f32, fma, helper, kernel, load, maximum, select, splat, store
from xonet.kernels.mathematics import exp, log, log1p
from xonet.losses import CLASSES
from xonet.losses._site import LossSite
from xonet.losses.focal import Focal

LEAST = 1e-37
"""Nearer to 0 no probability is raised to a power: the result is 0, or 1 if the power is 0."""


@helper
def softplus(x):
    """log(1 + e^x)."""
    return maximum(x, splat(0.0)) + log1p(exp(-maximum(x, -x)))


@kernel
def gradient_of_classes(scores, targets, weight, dy, outputs, gamma, alpha):
    """The slope of alpha · (1 - p)^gamma · -log(p) of softmax's p, times each picture's weight."""
    most = load(scores, 0)
    for n in range(1, outputs):
        most = maximum(most, load(scores, n))
    # what is below the greatest is summed by itself: so 1 - p of the greatest is exact where it is small, too
    ties, rest = splat(0.0), splat(0.0)
    for n in range(outputs):
        power = exp(load(scores, n) - most)
        lower = load(scores, n) < most
        ties = ties + select(lower, splat(0.0), splat(1.0))
        rest = rest + select(lower, power, splat(0.0))
    total = ties + rest
    log_total, outer, every = log(total), load(weight, 0) * bits_to_f32(alpha), splat(0.0)
    for n in range(outputs):
        shifted = load(scores, n) - most
        p = exp(shifted) / total
        others = select(shifted < 0.0, 1.0 - p, (ties - 1.0 + rest) / total)
        series = -fma(others, fma(others, splat(0.33333333), splat(0.5)), splat(1.0))
        ratio = select(others < 1e-3, series, (shifted - log_total) / others)
        damped = exp(log(maximum(others, splat(LEAST))) * bits_to_f32(gamma))
        each = load(targets, n) * damped * (p * ratio * bits_to_f32(gamma) - 1.0) * outer
        store(dy, n, each)
        every = every + each
    for n in range(outputs):
        store(dy, n, load(dy, n) - exp(load(scores, n) - most) / total * every)


@kernel
def gradient_of_labels(scores, targets, weight, dy, outputs, gamma, alpha):
    """The same of sigmoid's p: `alpha` of where the target is 1 and 1 - alpha of where it is 0, the mean of all."""
    weights, power = load(weight, 0) / outputs, bits_to_f32(gamma)
    holding, others = splat(bits_to_f32(alpha)), splat(1.0 - bits_to_f32(alpha))
    for n in range(outputs):
        score, target = load(scores, n), load(targets, n)
        surprise, other = softplus(-score), softplus(score)
        p, q = exp(-surprise), exp(-other)
        holds = holding * exp(-other * power) * (-power * p * surprise - q)
        holds_not = others * exp(-surprise * power) * (power * q * other + p)
        store(dy, n, fma(target, holds - holds_not, holds_not) * weights)


def lower(loss: Focal, site: LossSite) -> None:
    """One row."""
    kernel = gradient_of_classes if loss.answers == CLASSES else gradient_of_labels
    site.row(kernel, site.scores, site.targets, site.weight, site.dy, site.outputs, loss.gamma, loss.alpha)
