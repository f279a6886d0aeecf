"""JAX, as a careful user runs it: data on the device, whole steps compiled, whose state changes in place.

A training is compiled as one loop over its steps, and as one step that Python calls again and again: a loop costs
nothing between steps, but XLA does not bring convolutions within it into the form that it is fast at (jax-ml/jax issue
12868). A `lax.scan` becomes the same loop, but for a number of steps that is part of the code.
"""

from __future__ import annotations

import os
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from xonet.bench.contest import Runner
from xonet.bench.machine import in_threads
from xonet.bench.peers._peer import Unable, must_agree
from xonet.bench.peers.jax_step import State, first_state, step_there
from xonet.bench.peers.jax_twin import Twin
from xonet.bench.task import RATE, Task, order
from xonet.model import Model
from xonet.network import Network

THREADS = "PJRT_NPROC"
"""The environment variable by which XLA sizes its pool of threads, once a process."""

_started: list[int] = []
"""How many threads it was started with, as soon as it is."""


def training(task: Task, threads: int) -> dict[str, Runner]:
    """Whole steps: picking the batch's pictures, forward, loss, backward, optimizer.

    Raises:
        Unable: where a layer is missing, or JAX has another number of threads already.
    """
    _start(threads)
    twin = Twin(task.network.operations, Model(task.network, seed=0).parameters)
    x, targets = (jax.device_put(array) for array in task.data(task.count))
    batches = jax.device_put(order(len(x)).reshape(-1, task.batch_size).astype(np.int32))
    step = step_there(twin, task.loss, task.optimizer, RATE)

    def one(state: State, x: jax.Array, targets: jax.Array, chosen: jax.Array) -> State:
        return step(state, x[chosen], targets[chosen])[0]

    def loop(state: State, x: jax.Array, targets: jax.Array, batches: jax.Array, count: int) -> State:
        return lax.fori_loop(0, count, lambda n, state: one(state, x, targets, batches[n % len(batches)]), state)

    in_place = partial(jax.jit, donate_argnums=0)
    state = first_state(twin, task.optimizer)
    return {
        "one loop": _loop(in_place(loop), state, x, targets, batches),
        "step by step": _steps(in_place(one), jax.tree.map(jnp.copy, state), x, targets, list(batches)),
    }


def inference(network: Network, x: np.ndarray, threads: int) -> dict[str, Runner]:
    """Scores of all pictures in x at once; parameters are constants of the compiled function.

    Raises:
        Unable: where a layer is missing, scores are others than ours, or JAX has another number of threads already.
    """
    _start(threads)
    twin, pictures = Twin(network.operations, Model(network, seed=0).parameters), jax.device_put(x)
    scores = jax.jit(lambda x: twin.forward(twin.trained, twin.kept, x)[0])
    must_agree("jax", np.asarray(scores(pictures)), network, x)

    def run(times: int) -> None:
        for _ in range(times):
            scores(pictures).block_until_ready()

    return {in_threads(threads): run}


def _loop(loop: Any, state: State, x: jax.Array, targets: jax.Array, batches: jax.Array) -> Runner:
    def run(count: int) -> None:
        nonlocal state
        state = jax.block_until_ready(loop(state, x, targets, batches, count))

    return run


def _steps(step: Any, state: State, x: jax.Array, targets: jax.Array, batches: list[jax.Array]) -> Runner:
    def run(count: int) -> None:
        nonlocal state
        for number in range(count):
            state = step(state, x, targets, batches[number % len(batches)])
        jax.block_until_ready(state)

    return run


def _start(threads: int) -> None:
    """Have XLA make its pool for so many threads, at the first use in this process; it keeps it to the end.

    A process of JAX's own could have any number, but then what it does would count as what disturbs a turn.

    Raises:
        Unable: where the pool is made already, for another number.
    """
    if not _started:
        before = os.environ.get(THREADS)
        os.environ[THREADS] = str(threads)
        try:
            jax.config.update("jax_platforms", "cpu")
            jax.config.update(
                "jax_cpu_enable_async_dispatch", False
            )  # one picture is sooner done where it is asked for
            jax.devices()
        finally:
            os.environ.pop(THREADS)
            if before is not None:
                os.environ[THREADS] = before
        _started.append(threads)
    if _started != [threads]:
        raise Unable(f"jax already runs with {in_threads(_started[0])} here, which is for good")
