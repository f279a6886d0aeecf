"""The kernel of `adam` and `adamw`."""

from __future__ import annotations

from xonet.kernels import bits_to_f32, kernel, load, sqrt, store
from xonet.kernels.stepping import gathered, rate_of


@kernel
def step(
    parameters, gradients, stride, slots, means, squares, rate, factor, number, count, beta1, beta2, epsilon, decay,
    decoupled,
):  # fmt: skip
    """`count` sixteens of parameters; `decoupled`: decay shrinks the parameters, instead of joining the gradient."""
    learning_rate, b1, b2 = rate_of(rate, factor), bits_to_f32(beta1), bits_to_f32(beta2)
    correction1, correction2 = 1.0 - b1 ** (number + 1), 1.0 - b2 ** (number + 1)
    for i in range(count):
        p = load(parameters, i)
        gradient = gathered(gradients, stride, slots, i)
        if decoupled != 0:
            p = p * (1.0 - learning_rate * bits_to_f32(decay))
        else:
            gradient = gradient + p * bits_to_f32(decay)
        mean = load(means, i) * b1 + gradient * (1.0 - b1)
        square = load(squares, i) * b2 + gradient * gradient * (1.0 - b2)
        store(means, i, mean)
        store(squares, i, square)
        store(
            parameters, i, p - mean / correction1 * learning_rate / (sqrt(square / correction2) + bits_to_f32(epsilon))
        )
