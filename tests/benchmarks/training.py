"""Training steps of xonet and of PyTorch: the same network, pictures, loss and optimizer, data in memory.

A step is all of it: picking the batch's pictures, forward, loss, backward, optimizer. PyTorch's side is written as a
careful user writes it, in two ways of which the faster one counts: pictures channels first, and channels last.
`torch.compile` is left out: it needs a C++ compiler beside it, and compiles for longer than most of these train.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np

import xonet
from tests.benchmarks.contest import Effort, Runner, contest
from tests.benchmarks.machine import peak
from tests.benchmarks.work import training_products
from xonet.engine.plan import Epoch, Recipe, State
from xonet.losses import LOSSES
from xonet.optimizers import OPTIMIZERS

NETWORKS = Path(__file__).with_name("networks")
CASES = {"xo": [32], "lenet5": [64, 256], "vgg6": [64], "resnet20": [64], "mobilenet": [64]}
"""Networks and the batches they are trained in."""
LOSS = LOSSES.make("cross_entropy")
OPTIMIZER = OPTIMIZERS.make({"sgd": {"learning_rate": 0.001, "momentum": 0.9}})
VALUES = 4_000_000
"""How many numbers the training pictures have: more than caches hold."""
HEADINGS = ["network", "batch", "xonet", "beside 1 thread", "of peak", "PyTorch", "laid out", "ratio"]


def row(name: str, batch: int, effort: Effort) -> tuple[list[str], int]:
    """A line of the table, pictures a second, and how many turns were disturbed."""
    network = xonet.load(NETWORKS / f"{name}.yaml")
    rng = np.random.default_rng(0)
    count = max(4 * batch, VALUES // network.shape.size // batch * batch)
    x = rng.standard_normal((count, *network.shape), np.float32)
    targets = rng.integers(0, network.outputs, count)
    runners = {"xonet": xonet_steps(network, x, targets, batch, effort.threads)}
    theirs = pytorch_steps(network, x, targets, batch, effort.threads)
    best = contest(theirs, effort).fastest() if theirs else ""
    if theirs:
        runners[best] = theirs[best]
    if effort.threads > 1:
        runners["one thread"] = xonet_steps(network, x, targets, batch, 1)
    result = contest(runners, effort)
    ours = result.seconds("xonet")
    share = 2 * training_products(network.operations) * batch / ours / peak(effort.threads)
    cells = [name, str(batch), f"{batch / ours:,.0f}", result.ratio("one thread", "xonet"), f"{share:.0%}"]
    if theirs:
        cells += [f"{batch / result.seconds(best):,.0f}", best, f"**{result.ratio(best, 'xonet')}**"]
    return cells + ["-"] * (len(HEADINGS) - len(cells)), result.disturbed


def xonet_steps(network: xonet.Network, x: np.ndarray, targets: np.ndarray, batch: int, threads: int) -> Runner:
    """One call of the engine for all steps asked for."""
    model = xonet.Model(network, seed=0, threads=threads)
    recipe, state = Recipe(LOSS, batch, optimizer=OPTIMIZER), State.new(OPTIMIZER, model.plan.places)
    order = np.random.default_rng(1).permutation(len(x))

    def run(steps: int) -> None:
        rates = np.full(steps, OPTIMIZER.learning_rate, np.float32)
        _, broken = model.engine.train(recipe, state, Epoch(x, targets, np.resize(order, steps * batch), rates))
        if broken != -1:
            raise RuntimeError(f"the loss became no number at step {broken}")

    return run


def pytorch_steps(
    network: xonet.Network, x: np.ndarray, targets: np.ndarray, batch: int, threads: int
) -> dict[str, Runner]:
    """The same, channels first and channels last; nothing where PyTorch is not installed."""
    if find_spec("torch") is None:
        return {}
    import torch

    from tests.peers.pytorch import Twin, loss_there, optimizer_there

    torch.set_num_threads(threads)
    labels, order = torch.from_numpy(targets), torch.from_numpy(np.random.default_rng(1).permutation(len(x)))
    batches, loss = order.split(batch), loss_there(LOSS)
    parameters = network.build(seed=0).parameters

    def steps(last: bool) -> Runner:
        twin = Twin(network.operations, parameters).train()
        pictures = torch.from_numpy(x)
        if last:
            twin.to(memory_format=torch.channels_last)
        else:
            pictures = pictures.permute(0, 3, 1, 2).contiguous()
        stepper = optimizer_there(OPTIMIZER, twin, fused=True)

        def run(count: int) -> None:
            for step in range(count):
                chosen = batches[step % len(batches)]
                inputs = pictures.index_select(0, chosen)
                stepper.zero_grad()
                scores = twin(inputs.permute(0, 3, 1, 2) if last else inputs)
                loss(scores, labels.index_select(0, chosen)).backward()
                stepper.step()

        return run

    return {"channels first": steps(False), "channels last": steps(True)}
