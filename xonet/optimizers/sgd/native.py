"""Kernel of `sgd`."""

from __future__ import annotations

from xonet.kernels import at, kernel, load, real, store
from xonet.kernels.stepping import gathered
from xonet.optimizers._site import OptimizerSite
from xonet.optimizers.sgd import Sgd


@kernel
def step(parameters, gradients, stride, slots, velocities, rate, count, momentum, decay, nesterov):
    """`count` sixteens of parameters."""
    learning_rate = at(rate, 0)
    for i in range(count):
        p = load(parameters, i)
        gradient = gathered(gradients, stride, slots, i) + p * real(decay)
        velocity = load(velocities, i) * real(momentum) + gradient
        store(velocities, i, velocity)
        if nesterov != 0:
            velocity = gradient + velocity * real(momentum)
        store(parameters, i, p - velocity * learning_rate)


def lower(optimizer: Sgd, site: OptimizerSite) -> None:
    """One row a stretch."""
    for part in site.parts:
        site.row(
            step, part.parameters, part.gradients, site.stride, part.slots, part.state["velocity"], site.rate,
            part.count, optimizer.momentum, optimizer.weight_decay, optimizer.nesterov,
        )  # fmt: skip
