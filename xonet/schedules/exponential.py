"""The schedule `exponential`."""

from __future__ import annotations

from typing import ClassVar

from xonet.language.fields import field
from xonet.language.kinds import Number
from xonet.schedules import Schedule


class Exponential(Schedule):
    """Lets the learning rate fall by the same factor an epoch, a little at every step: factor ^ epochs.

    Epochs count with their fractions. That is PyTorch's ExponentialLR stepped after each batch with gamma =
    factor ^ (1 / steps in an epoch), and Keras' ExponentialDecay with decay_steps = the steps in an epoch. To fall once
    an epoch, as ExponentialLR does when it is stepped after each epoch, write `step: {every: 1, factor: 0.9}`.
    """

    also = ("ExponentialDecay", "exponential_decay")
    nearly: ClassVar = {
        "ExponentialLR": "write exponential: {factor: 0.9}, which falls at every step; step: {every: 1, factor: 0.9} "
        "falls once an epoch",
        "exp": "write exponential: {factor: 0.9}; its factor is for an epoch: gamma to the power of the steps in one",
    }
    advice: ClassVar = {
        "decay_steps": "write factor, the factor for an epoch: decay_rate ^ (steps in an epoch / decay_steps)",
        "staircase": "write step: {every: 1, factor: 0.9} in place of exponential, which falls once an epoch",
    }

    factor: float = field(
        Number(above=0, maximum=1),
        "What the learning rate is multiplied by in the course of an epoch.",
        example=0.9,
        also=("gamma", "decay_rate"),
    )

    def scale(self, epoch: float, epochs: float) -> float:
        """See the base."""
        return float(self.factor**epoch)
