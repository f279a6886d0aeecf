"""The schedule `inverse`."""

from __future__ import annotations

from typing import ClassVar

from xonet.language.fields import field
from xonet.language.kinds import Number
from xonet.schedules import Schedule


class Inverse(Schedule):
    """Divides the learning rate by a number that grows with the epochs: (1 + decay · epochs) ^ -power.

    Epochs count with their fractions, so that it falls at every step. That is Caffe's `inv` (caffe.proto,
    SolverParameter.lr_policy) with gamma = decay / steps in an epoch, and with power 1 Keras' InverseTimeDecay with
    decay_steps = the steps in an epoch. Caffe's LeNet on MNIST (gamma: 0.0001, power: 0.75, batches of 64 of 60,000
    pictures) has a decay of 0.0938.
    """

    also = ("inv", "InverseTimeDecay", "inverse_time_decay")
    advice: ClassVar = {
        "gamma": "write decay, which is for an epoch: {value} times the steps in an epoch",
        "decay_rate": "write decay, which is for an epoch: {value} times the steps in an epoch, divided by decay_steps",
        "decay_steps": "write decay, which is for an epoch: decay_rate times the steps in an epoch, divided by {value}",
    }

    decay: float = field(Number(above=0), "How much the divisor grows in an epoch.", example=0.1)
    power: float = field(Number(above=0), "To which power the divisor is raised.", default=1.0)

    def scale(self, epoch: float, epochs: float) -> float:
        """See the base."""
        return float((1 + self.decay * epoch) ** -self.power)
