"""Kernel of `rmsprop`."""

from __future__ import annotations

from xonet.kernels import bits_to_f32, kernel, load, maximum, splat, sqrt, store
from xonet.kernels.stepping import gathered, rate_of
from xonet.optimizers._site import OptimizerSite
from xonet.optimizers.rmsprop import Rmsprop


@kernel
def step(
    parameters, gradients, stride, slots, squares, velocities, means, rate, factor, count, alpha, momentum, epsilon,
    decay,
):  # fmt: skip
    """`count` sixteens of parameters; `velocities` or `means` is 0 where there are none."""
    learning_rate, kept = rate_of(rate, factor), bits_to_f32(alpha)
    for i in range(count):
        p = load(parameters, i)
        gradient = gathered(gradients, stride, slots, i) + p * bits_to_f32(decay)
        square = load(squares, i) * kept + gradient * gradient * (1.0 - kept)
        store(squares, i, square)
        if means != 0:
            mean = load(means, i) * kept + gradient * (1.0 - kept)
            store(means, i, mean)
            square = maximum(square - mean * mean, splat(0.0))
        direction = gradient / (sqrt(square) + bits_to_f32(epsilon))
        if velocities != 0:
            direction = load(velocities, i) * bits_to_f32(momentum) + direction
            store(velocities, i, direction)
        store(parameters, i, p - direction * learning_rate)


def lower(optimizer: Rmsprop, site: OptimizerSite) -> None:
    """One row a stretch."""
    for part in site.parts:
        site.row(
            step, part.parameters, part.gradients, site.stride, part.slots, part.state["square"],
            part.state.get("velocity", 0), part.state.get("mean", 0), site.rate, part.rate_factor, part.count,
            optimizer.alpha, optimizer.momentum, optimizer.epsilon, optimizer.weight_decay * part.decay_factor,
        )  # fmt: skip
