"""Kernel of `adagrad`."""

from __future__ import annotations

from xonet.kernels import bits_to_f32, kernel, load, sqrt, store
from xonet.kernels.stepping import gathered, rate_of
from xonet.optimizers._site import OptimizerSite
from xonet.optimizers.adagrad import Adagrad


@kernel
def step(parameters, gradients, stride, slots, totals, rate, factor, count, initial, epsilon, decay):
    """`count` sixteens of parameters."""
    learning_rate = rate_of(rate, factor)
    for i in range(count):
        p = load(parameters, i)
        gradient = gathered(gradients, stride, slots, i) + p * bits_to_f32(decay)
        total = load(totals, i) + gradient * gradient
        store(totals, i, total)
        size = sqrt(total + bits_to_f32(initial)) + bits_to_f32(epsilon)
        store(parameters, i, p - gradient * learning_rate / size)


def lower(optimizer: Adagrad, site: OptimizerSite) -> None:
    """One row a stretch."""
    for part in site.parts:
        site.row(
            step, part.parameters, part.gradients, site.stride, part.slots, part.state["total"], site.rate,
            part.rate_factor, part.count, optimizer.initial_accumulator, optimizer.epsilon,
            optimizer.weight_decay * part.decay_factor,
        )  # fmt: skip
