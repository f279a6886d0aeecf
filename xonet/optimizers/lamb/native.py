"""Kernels of `lamb`."""

from __future__ import annotations

from xonet.kernels import bits_to_f32, fma, helper, kernel, load, reduce_add, splat, sqrt, store, store_scalar
from xonet.kernels.stepping import gathered, rate_of, sum_of_parts
from xonet.optimizers._moments_rows import moments_row
from xonet.optimizers._site import OptimizerSite
from xonet.optimizers.lamb import Lamb


@helper
def update_of(p, mean, square, correction1, correction2, epsilon, decay):
    """Where sixteen parameters are to go, before their tensor's ratio."""
    return mean / correction1 / (sqrt(square / correction2) + bits_to_f32(epsilon)) + p * bits_to_f32(decay)


@kernel
def measure(
    parameters, gradients, stride, slots, means, squares, number, count, beta1, beta2, epsilon, decay, sums, part, parts
):
    """Both moments of `count` sixteens; of these the sums of squares of weights and update, for all parts of a tensor.

    `sums` are those of the weights by part, and behind them those of the update.
    """
    b1, b2 = bits_to_f32(beta1), bits_to_f32(beta2)
    correction1, correction2 = 1.0 - b1 ** (number + 1), 1.0 - b2 ** (number + 1)
    of_weights, of_update = splat(0.0), splat(0.0)
    for i in range(count):
        p, gradient = load(parameters, i), gathered(gradients, stride, slots, i)
        mean = load(means, i) * b1 + gradient * (1.0 - b1)
        square = load(squares, i) * b2 + gradient * gradient * (1.0 - b2)
        store(means, i, mean)
        store(squares, i, square)
        update = update_of(p, mean, square, correction1, correction2, epsilon, decay)
        of_weights, of_update = fma(p, p, of_weights), fma(update, update, of_update)
    store_scalar(sums, part, reduce_add(of_weights))
    store_scalar(sums, parts + part, reduce_add(of_update))


@kernel
def move(
    parameters, means, squares, rate, factor, number, count, beta1, beta2, epsilon, decay, sums, parts
):  # fmt: skip
    """`count` sixteens of parameters, when all parts of their tensor are measured."""
    correction1, correction2 = 1.0 - bits_to_f32(beta1) ** (number + 1), 1.0 - bits_to_f32(beta2) ** (number + 1)
    of_weights, of_update = sum_of_parts(sums, 0, parts), sum_of_parts(sums, parts, parts)
    learning_rate = splat(1.0) * rate_of(rate, factor)
    if of_weights > 0.0 and of_update > 0.0:
        learning_rate = learning_rate * sqrt(splat(of_weights) / of_update)
    for i in range(count):
        p = load(parameters, i)
        update = update_of(p, load(means, i), load(squares, i), correction1, correction2, epsilon, decay)
        store(parameters, i, p - update * learning_rate)


def lower(optimizer: Lamb, site: OptimizerSite) -> None:
    """Weight tensors are measured, part by part, and then moved; what has one dimension moves as with adamw."""
    measured = [(tensor, site.program.take_shared(2 * len(tensor.parts))) for tensor in site.tensors if tensor.weights]
    knobs = (optimizer.beta1, optimizer.beta2, optimizer.epsilon)
    for part in (part for tensor in site.tensors if not tensor.weights for part in tensor.parts):
        moments_row(site, part, optimizer, decoupled=True)
    for tensor, sums in measured:
        for number, part in enumerate(tensor.parts):
            site.row(
                measure, part.parameters, part.gradients, site.stride, part.slots,
                part.state["mean"], part.state["square"], part.step, part.count, *knobs,
                optimizer.weight_decay * part.decay_factor, sums, number, len(tensor.parts),
            )  # fmt: skip
    site.barrier()
    for tensor, sums in measured:
        for part in tensor.parts:
            site.row(
                move, part.parameters, part.state["mean"], part.state["square"], site.rate, part.rate_factor,
                part.step, part.count, *knobs, optimizer.weight_decay * part.decay_factor, sums, len(tensor.parts),
            )  # fmt: skip
