"""Kernel of `adadelta`."""

from __future__ import annotations

from xonet.kernels import bits_to_f32, kernel, load, sqrt, store
from xonet.kernels.stepping import gathered, rate_of
from xonet.optimizers._site import OptimizerSite
from xonet.optimizers.adadelta import Adadelta


@kernel
def step(parameters, gradients, stride, slots, squares, moves, rate, factor, count, kept, epsilon, decay):
    """`count` sixteens of parameters."""
    learning_rate, rho, least = rate_of(rate, factor), bits_to_f32(kept), bits_to_f32(epsilon)
    for i in range(count):
        p, moved = load(parameters, i), load(moves, i)
        gradient = gathered(gradients, stride, slots, i) + p * bits_to_f32(decay)
        square = load(squares, i) * rho + gradient * gradient * (1.0 - rho)
        change = sqrt(moved + least) / sqrt(square + least) * gradient
        store(squares, i, square)
        store(moves, i, moved * rho + change * change * (1.0 - rho))
        store(parameters, i, p - change * learning_rate)


def lower(optimizer: Adadelta, site: OptimizerSite) -> None:
    """One row a stretch."""
    for part in site.parts:
        site.row(
            step, part.parameters, part.gradients, site.stride, part.slots, part.state["square"], part.state["moved"],
            site.rate, part.rate_factor, part.count, optimizer.rho, optimizer.epsilon,
            optimizer.weight_decay * part.decay_factor,
        )  # fmt: skip
