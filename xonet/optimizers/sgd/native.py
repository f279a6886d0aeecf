"""Kernel of `sgd`."""

from __future__ import annotations

from xonet.kernels import bits_to_f32, kernel, load, store
from xonet.kernels.stepping import gathered, rate_of
from xonet.optimizers._site import OptimizerSite
from xonet.optimizers.sgd import Sgd


@kernel
def step(parameters, gradients, stride, slots, velocities, rate, factor, count, momentum, decay, nesterov):
    """`count` sixteens of parameters."""
    learning_rate = rate_of(rate, factor)
    for i in range(count):
        p = load(parameters, i)
        gradient = gathered(gradients, stride, slots, i) + p * bits_to_f32(decay)
        velocity = load(velocities, i) * bits_to_f32(momentum) + gradient
        store(velocities, i, velocity)
        if nesterov != 0:
            velocity = gradient + velocity * bits_to_f32(momentum)
        store(parameters, i, p - velocity * learning_rate)


def lower(optimizer: Sgd, site: OptimizerSite) -> None:
    """One row a stretch."""
    for part in site.parts:
        site.row(
            step, part.parameters, part.gradients, site.stride, part.slots, part.state["velocity"], site.rate,
            part.rate_factor, part.count, optimizer.momentum, optimizer.weight_decay * part.decay_factor,
            optimizer.nesterov,
        )  # fmt: skip
