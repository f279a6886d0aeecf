"""What is measured of xonet itself."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from xonet.bench.contest import Runner
from xonet.bench.native import multiply
from xonet.bench.task import RATE, Task, order
from xonet.engine.plan import Epoch, Recipe, State
from xonet.kernels import LANES
from xonet.kernels.loading import library
from xonet.model import Model
from xonet.network import Network

Announce = Callable[[int], None] | None
"""Called with the number of kernels to compile, before compilation starts."""


def prepare(task: Task, threads: int, announce: Announce = None) -> None:
    """Run everything once, so that nothing is left to compile."""
    library().addresses([multiply], announce)
    training(task, threads, announce)(1)
    for count in (1, LANES):
        inference(task.network, task.data(count)[0], threads, announce)(1)


def training(task: Task, threads: int, announce: Announce = None) -> Runner:
    """Steps of a training with data in memory: one call of the engine for all that are asked for."""
    model = Model(task.network, seed=0, threads=threads, announce=announce)
    x, targets = task.data(task.count)
    recipe, state = (
        Recipe(task.loss, task.batch_size, optimizer=task.optimizer),
        State.new(task.optimizer, model.plan.places),
    )
    indices = order(len(x))

    def run(steps: int) -> None:
        rates = np.full(steps, RATE, np.float32)
        epoch = Epoch(x, targets, np.resize(indices, steps * task.batch_size), rates)
        _, broken = model.engine.train(recipe, state, epoch)
        if broken != -1:
            raise ArithmeticError(f"the loss became NaN or inf at step {broken}")

    return run


def inference(network: Network, x: np.ndarray, threads: int, announce: Announce = None) -> Runner:
    """Scores of all pictures in x at once."""
    model = Model(network, seed=0, threads=threads, announce=announce)

    def run(times: int) -> None:
        for _ in range(times):
            model.predict(x)

    return run
