"""What optimizers' kernels share."""

from __future__ import annotations

from xonet.kernels import LANES, bits_to_f32, helper, load, load_first, load_scalar, reduce_add, splat, store


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


@helper
def sum_of_parts(sums, first, parts):
    """The sum of what each part of a tensor came to, from value `first` on, always in the same order."""
    total = splat(0.0)
    for i in range(0, parts, LANES):
        total = total + load_first(sums, first + i, min(LANES, parts - i))
    return reduce_add(total)
