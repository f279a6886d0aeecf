"""What is measured: a network, how it is trained, and random numbers instead of data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xonet.losses import CLASSES, INPUT, LABELS, ONE_SCORE, Loss
from xonet.network import Network
from xonet.network.document import Training
from xonet.optimizers import OPTIMIZERS, Optimizer

RATE = 1e-6
"""The learning rate of every step: random targets do no harm, however many steps there are."""
VALUES = 4_000_000
"""How many numbers training pictures have: more than caches hold."""


@dataclass(frozen=True)
class Task:
    """A training, but for its data."""

    network: Network
    loss: Loss
    optimizer: Optimizer
    batch_size: int

    @classmethod
    def of(cls, network: Network) -> Task:
        """As the file says; without `training:`, sgd with momentum, and batches as large as the language's default."""
        training = network.document.training
        if training is not None:
            return cls(network, network.loss, training.optimizer, training.batch_size)
        optimizer = OPTIMIZERS.make({"sgd": {"learning_rate": 0.01, "momentum": 0.9}})
        return cls(network, network.loss, optimizer, Training.fields["batch_size"].default)

    @property
    def count(self) -> int:
        """Training pictures: whole batches."""
        return max(1, VALUES // self.network.shape.size // self.batch_size) * self.batch_size

    def data(self, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Random pictures as network values, and their targets: class numbers for cross_entropy and its like.

        Otherwise they are values, or labels; of a network that gives its input back, the pictures.
        """
        rng, outputs = np.random.default_rng(0), self.network.outputs
        x = rng.standard_normal((count, *self.network.shape), np.float32)
        if self.loss.by_class and self.loss.answers == CLASSES:
            return x, rng.integers(0, outputs, count)
        if self.loss.answers in (ONE_SCORE, LABELS):
            return x, rng.integers(0, 2, (count, outputs)).astype(np.float32)
        if self.loss.answers == INPUT:
            return x, x.reshape(count, outputs)
        return x, rng.standard_normal((count, outputs), np.float32)


def order(count: int) -> np.ndarray:
    """In which order pictures are learnt from."""
    return np.random.default_rng(1).permutation(count)
