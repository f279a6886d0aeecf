"""Kernel of `lion`."""

from __future__ import annotations

from xonet.kernels import bits_to_f32, kernel, load, select, splat, store
from xonet.kernels.stepping import gathered, rate_of
from xonet.optimizers._site import OptimizerSite
from xonet.optimizers.lion import Lion


@kernel
def step(parameters, gradients, stride, slots, means, rate, factor, count, beta1, beta2, decay):
    """`count` sixteens of parameters."""
    learning_rate, b1, b2 = rate_of(rate, factor), bits_to_f32(beta1), bits_to_f32(beta2)
    kept = 1.0 - learning_rate * bits_to_f32(decay)
    for i in range(count):
        gradient, mean = gathered(gradients, stride, slots, i), load(means, i)
        way = mean * b1 + gradient * (1.0 - b1)
        sign = select(way > 0.0, splat(1.0), select(way < 0.0, splat(-1.0), way))  # 0 and NaN stay
        store(parameters, i, load(parameters, i) * kept - sign * learning_rate)
        store(means, i, mean * b2 + gradient * (1.0 - b2))


def lower(optimizer: Lion, site: OptimizerSite) -> None:
    """One row a stretch."""
    for part in site.parts:
        site.row(
            step, part.parameters, part.gradients, site.stride, part.slots, part.state["mean"], site.rate,
            part.rate_factor, part.count, optimizer.beta1, optimizer.beta2, optimizer.weight_decay * part.decay_factor,
        )  # fmt: skip
