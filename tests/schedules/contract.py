"""What the tests of schedules share."""

from __future__ import annotations

from xonet.schedules import SCHEDULES


def rates(word, knobs, epochs, steps_per_epoch, learning_rate=1.0):
    """The learning rate of every step."""
    schedule = SCHEDULES.make({word: knobs})
    return [schedule.rate(learning_rate, step, steps_per_epoch, epochs) for step in range(epochs * steps_per_epoch)]
