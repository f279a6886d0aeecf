"""PyTorch, as a careful user runs it: channels first and channels last, the optimizer fused, data in memory.

A third way is `torch.compile`, channels last, compiled before anything is timed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import torch

from xonet.bench.contest import Runner
from xonet.bench.machine import in_threads
from xonet.bench.peers._compiled import compiled, where_it_can
from xonet.bench.peers._peer import must_agree, thread_counts
from xonet.bench.peers.in_torch._calls import Call
from xonet.bench.peers.twin import Twin, loss_there, optimizer_there, pictures_there
from xonet.bench.task import RATE, Task, order
from xonet.model import Model
from xonet.network import Network

WAYS = {"channels first": False, "channels last": True}


def training(task: Task, threads: int) -> dict[str, Runner]:
    """Whole steps: picking the batch's pictures, forward, loss, backward, optimizer."""
    x, targets = task.data(task.count)
    parameters = Model(task.network, seed=0).parameters
    labels, batches = torch.from_numpy(targets), torch.from_numpy(order(len(x))).split(task.batch_size)
    loss = loss_there(task.loss)

    def steps(last: bool, translate: Callable[[Call], Call] = lambda function: function) -> Runner:
        twin = Twin(task.network.operations, parameters).train()
        pictures = torch.from_numpy(x) if last else pictures_there(x)
        stepper = optimizer_there(task.optimizer, twin, quick=True)
        for group in stepper.param_groups:
            group["lr"] = RATE
        if last:
            twin.to(memory_format=torch.channels_last)

        def mean_loss(inputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
            return loss(twin(inputs.permute(0, 3, 1, 2) if last else inputs), targets)

        forward = translate(mean_loss)

        def run(count: int) -> None:
            _use(threads)
            for step in range(count):
                chosen = batches[step % len(batches)]
                inputs = pictures.index_select(0, chosen)
                stepper.zero_grad()
                forward(inputs, labels.index_select(0, chosen)).backward()
                stepper.step()

        return run

    runners = {way: steps(last) for way, last in _ways(task.network).items()}
    return runners | where_it_can(lambda: steps(task.network.shape.is_picture, compiled))


def inference(network: Network, x: np.ndarray, threads: int) -> dict[str, Runner]:
    """Scores of all pictures in x at once.

    Raises:
        Unable: where a layer is missing, or scores are others than ours.
    """
    parameters = Model(network, seed=0).parameters
    runners = {}
    for way, last in _ways(network).items():
        twin, pictures = Twin(network.operations, parameters).eval(), pictures_there(x)
        if last:
            twin.to(memory_format=torch.channels_last)
            pictures = pictures.to(memory_format=torch.channels_last)
        with torch.inference_mode():
            must_agree("torch", twin(pictures).numpy(), network, x)
        for count in thread_counts(len(x), threads):
            runners[f"{way}, {in_threads(count)}"] = _scores(twin, pictures, count)

    def scores(count: int) -> Runner:
        function = compiled(lambda x: twin(x))
        _use(count)
        with torch.inference_mode():
            must_agree("torch.compile", function(pictures).numpy(), network, x)
        return _scores(function, pictures, count)

    for count in thread_counts(len(x), threads):
        for way, runner in where_it_can(partial(scores, count)).items():
            runners[f"{way}, {in_threads(count)}"] = runner
    return runners


def _ways(network: Network) -> dict[str, bool]:
    """How pictures lie, and whether their channels lie last; rows of numbers have one way only."""
    return WAYS if network.shape.is_picture else {"rows": False}


def _scores(twin: Call, pictures: torch.Tensor, threads: int) -> Runner:
    def run(times: int) -> None:
        _use(threads)
        with torch.inference_mode():
            for _ in range(times):
                twin(pictures)

    return run


def _use(threads: int) -> None:
    """PyTorch has one number for the whole process."""
    if torch.get_num_threads() != threads:
        torch.set_num_threads(threads)
