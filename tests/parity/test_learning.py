"""What lies around the optimizer is PyTorch's: clipping, accumulation, factors, l2, averages, frozen layers.

Sixty steps each, from the same start.
"""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch", reason="PyTorch is not installed: pip install 'xonet[bench]'")

import torch
from torch.optim.swa_utils import get_ema_multi_avg_fn

import xonet
from tests.parity.beside import away, batches
from xonet.bench.peers.twin import Twin, counterpart, pictures_there
from xonet.layers._learned import factor
from xonet.optimizers import OPTIMIZERS


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """See `test_pytorch`."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


EPOCHS, BATCH, COUNT = 6, 20, 197
"""Ten steps an epoch, the last one's batch not full."""
FILE = """
xonet: 1
input: {{height: 7, width: 6, channels: 2}}
layers:
  - conv2d: {{name: first, features: 6, kernel_size: 3, bias: false{first}}}
  - batch_norm: {{name: norm{norm}}}
  - tanh
  - dense: {{name: hidden, units: 9{hidden}}}
  - tanh
  - dense: {{name: last, units: 3}}
"""
SGD = {"sgd": {"learning_rate": 0.05, "momentum": 0.9, "nesterov": True, "weight_decay": 0.01}}
ADAM = {"adam": {"learning_rate": 0.003, "weight_decay": 0.01}}
ADAMW = {"adamw": {"learning_rate": 0.003, "weight_decay": 0.05}}
LAYERS = [
    {},
    {"hidden": "learning_rate_factor: {weights: 0.5, bias: 2}, weight_decay_factor: {bias: 0}"},
    {"first": "learning_rate_factor: 0.1, weight_decay_factor: 3", "norm": "weight_decay_factor: 0"},
    {"first": "l2: 0.01", "hidden": "max_norm: 1.1"},
    {"first": "trainable: {after: 2}", "norm": "trainable: {after: 1}", "hidden": "trainable: {until: 3}"},
    {"first": "trainable: false, l2: 0.01", "last": "trainable: {after: 1, until: 4}"},
]
CASES = [
    *(({}, optimizer, layers) for optimizer in (SGD, ADAM, ADAMW) for layers in LAYERS),
    *(
        (settings, optimizer, LAYERS[number])
        for settings, number in (
            ({"gradient_clip": {"norm": 0.3}}, 0),
            ({"gradient_clip": {"norm": 0.3}}, 4),
            ({"gradient_clip": {"norm": 1000}}, 0),
            ({"gradient_clip": {"value": 0.01}}, 3),
            ({"accumulate": 4}, 3),
            ({"accumulate": 3, "gradient_clip": {"norm": 0.2}}, 4),
            ({"accumulate": 100}, 0),
            ({"ema": {"decay": 0.9}}, 4),
            ({"ema": {"decay": 0.8}, "accumulate": 4}, 0),
            ({"swa": {"from": 3}}, 0),
            ({"swa": {"from": 6}, "accumulate": 3}, 4),
        )
        for optimizer in (SGD, ADAM)
    ),
]


def network_of(layers):
    said = {name: f", {layers[name]}" if name in layers else "" for name in ("first", "norm", "hidden")}
    return xonet.loads(FILE.format(**said))


def theirs(network, model, optimizer, settings, x, targets):
    """Parameters after the same epochs in PyTorch, as its users write it."""
    twin = Twin(network.operations, model.parameters)
    kind, own = counterpart(OPTIMIZERS, optimizer)(optimizer)
    layers = {operation.full_name(p): operation.layer for operation in network.operations for p in operation.parameters}
    learned = {name: tensor for name, tensor in twin.tensors.items() if isinstance(tensor, torch.nn.Parameter)}
    groups = [
        {
            "params": [tensor],
            "lr": optimizer.learning_rate * factor(layers[name].learning_rate_factor, name.rpartition(".")[2]),
            "weight_decay": optimizer.weight_decay * factor(layers[name].weight_decay_factor, name.rpartition(".")[2]),
        }
        for name, tensor in learned.items()
    ]
    stepper = kind(groups, **own)
    clip, rounds, loss = settings.get("gradient_clip", {}), settings.get("accumulate", 1), torch.nn.CrossEntropyLoss()
    averaged = {}
    if "ema" in settings:
        ema = get_ema_multi_avg_fn(settings["ema"]["decay"])
    means, count = {}, 0
    there, labels = pictures_there(x), torch.from_numpy(targets)
    chunks = torch.arange(len(x)).split(BATCH)
    for epoch in range(EPOCHS):
        for name, tensor in learned.items():
            tensor.requires_grad_(not layers[name].frozen(epoch))
        twin.train()
        for number, chosen in enumerate(chunks):
            own_round = chunks[number // rounds * rounds :][:rounds]
            said = loss(twin(there[chosen]), labels[chosen])
            for name, layer in layers.items():
                if name.endswith(".weights") and layer.l2:
                    said = said + layer.l2 * learned[name].square().sum() if name in learned else said
            (said / len(own_round)).backward()
            if (number + 1) % rounds and number + 1 < len(chunks):
                continue
            if "norm" in clip:
                torch.nn.utils.clip_grad_norm_(learned.values(), clip["norm"])
            if "value" in clip:
                torch.nn.utils.clip_grad_value_(learned.values(), clip["value"])
            stepper.step()
            stepper.zero_grad()
            with torch.no_grad():
                for name, layer in layers.items():
                    if name.endswith(".weights") and layer.max_norm:
                        learned[name].copy_(learned[name].renorm(2, 0, layer.max_norm))
                if "ema" in settings and not averaged:
                    averaged = {name: tensor.clone() for name, tensor in learned.items()}
                elif "ema" in settings:
                    ema([averaged[name] for name in learned], [*learned.values()], 1)
        if "swa" in settings and epoch + 1 >= settings["swa"]["from"]:
            count += 1
            for name, tensor in learned.items():
                means[name] = means.get(name, 0) + (tensor.detach() - means.get(name, 0)) / count
    with torch.no_grad():
        for name, tensor in (averaged or means).items():
            learned[name].copy_(tensor)
    if means:
        measure(twin, there, chunks)
    return twin.arrays()


def measure(twin, there, chunks):
    """What torch.optim.swa_utils.update_bn does: each batch's own mean and variance, and their means."""
    found = {name: [] for name in twin.tensors if name.endswith((".mean", ".variance"))}
    for chosen in chunks:
        for name in found:
            twin.tensors[name].zero_()
        with torch.no_grad():
            twin(there[chosen])
        for name, seen in found.items():
            seen.append(twin.tensors[name] / 0.1)
    for name, seen in found.items():
        twin.tensors[name].copy_(torch.stack(seen).mean(0))


@pytest.mark.parametrize(("settings", "written", "layers"), CASES, ids=str)
def test_sixty_steps(settings, written, layers):
    network, optimizer = network_of(layers), OPTIMIZERS.make(written)
    x, targets = batches(network, COUNT)
    model = away(network)
    start = {name: array.copy() for name, array in model.parameters.items()}
    there = theirs(network, model, optimizer, settings, x, targets)
    model.fit(
        (x, targets), epochs=EPOCHS, batch_size=BATCH, shuffle=False, loss="cross_entropy", optimizer=optimizer,
        **settings,
    )  # fmt: skip
    assert any(np.abs(there[name] - start[name]).max() > 0.01 for name in there)
    for name, array in model.parameters.items():
        scale = max(1.0, np.abs(there[name]).max())
        assert np.abs(array - there[name]).max() <= 1e-5 * scale, name
