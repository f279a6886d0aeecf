"""The networks that are compared, and how they are trained."""

from __future__ import annotations

from pathlib import Path

import xonet
from xonet.bench.task import Task
from xonet.losses import LOSSES
from xonet.optimizers import OPTIMIZERS

ROOT = Path(__file__).parents[2]
NETWORKS = Path(__file__).with_name("networks")
CASES = {
    "xo": [32], "mlp": [64], "lenet5": [16, 64, 256], "vgg6": [16, 64], "resnet20": [16, 64], "mobilenet": [16, 64],
}  # fmt: skip
"""Networks and the batches they are trained in."""
CLASSES = {"xo": 2, "classes": 1000}
"""How many each tells apart, where it is not 10."""
LOSS = LOSSES.make("cross_entropy")
OPTIMIZER = OPTIMIZERS.make({"sgd": {"learning_rate": 0.001, "momentum": 0.9}})


def network(name: str) -> xonet.Network:
    """One of them."""
    return xonet.load(NETWORKS / f"{name}.yaml")


def task(name: str, batch: int) -> Task:
    """Its training."""
    return Task(network(name), LOSS, OPTIMIZER, batch)


def settings(name: str, batch: int) -> list[str]:
    """The same as `--set` arguments: what the file would say."""
    classes = ", ".join(f"c{number}" for number in range(CLASSES.get(name, 10)))
    optimizer = f"{{sgd: {{learning_rate: {OPTIMIZER.learning_rate}, momentum: {OPTIMIZER.momentum}}}}}"
    training = f"{{loss: cross_entropy, optimizer: {optimizer}, epochs: 1, batch_size: {batch}}}"
    return [f"training={training}", f"output={{classes: [{classes}]}}"]
