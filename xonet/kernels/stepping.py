"""What optimizers' kernels share."""

from __future__ import annotations

from xonet.kernels import bits_to_f32, helper, load, load_scalar, splat, store


@helper
def gathered(gradients, stride, slots, i):
    """The gradient of sixteen parameters: its slots' sums, in order; what is read is cleared for the next step.

    With 0 slots there is one gradient, which the next step writes anew.
    """
    sums = load(gradients, i)
    if slots > 0:
        store(gradients, i, splat(0.0))
    for slot in range(1, slots):
        mine = gradients + slot * stride
        sums = sums + load(mine, i)
        store(mine, i, splat(0.0))
    return sums


@helper
def rate_of(rate, factor):
    """The learning rate of this step, for parameters that learn so many times as fast."""
    return load_scalar(rate, 0) * bits_to_f32(factor)
