"""What the tests of schedules share."""

from __future__ import annotations

from xonet.schedules import SCHEDULES, steps_of


def rates(word, knobs, epochs, steps_per_epoch, learning_rate=1.0):
    """The learning rate of every step."""
    schedule = SCHEDULES.make({word: knobs})
    every = range(steps_of(epochs, steps_per_epoch))
    return [schedule.rate(learning_rate, step, steps_per_epoch, epochs) for step in every]


def lambdas(torch, optimizer, function):
    """PyTorch's schedule of a function of the steps."""
    return torch.LambdaLR(optimizer, function)
