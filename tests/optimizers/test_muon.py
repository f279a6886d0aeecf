"""`muon`: its cases, held to the formula, and to PyTorch's where that has float64 too."""

from __future__ import annotations

import numpy as np
import pytest

from tests.optimizers.contract import trajectory
from xonet.optimizers import OPTIMIZERS

CASES = [
    ({}, None, {}),
    ({"momentum": 0.5, "nesterov": False, "weight_decay": 0, "adamw": {"learning_rate": 0.01, "beta1": 0.5}}, None, {}),
    ({"adjust_rate": "match_rms_adamw", "iterations": 2, "coefficients": [2, -1.5, 0.5]}, None, {}),
]


def naive(optimizer, p, gradient, kept, rate, number):
    """Jordan 2024, a column of singular values at a time; what has one dimension: Loshchilov and Hutter 2019."""
    if p.ndim == 1:
        own = optimizer.adamw
        rate *= own.learning_rate / optimizer.learning_rate
        m = kept["m"] = own.beta1 * kept.get("m", 0.0) + (1 - own.beta1) * gradient
        v = kept["v"] = own.beta2 * kept.get("v", 0.0) + (1 - own.beta2) * gradient**2
        size = np.sqrt(v / (1 - own.beta2**number)) + own.epsilon
        p -= rate * (m / (1 - own.beta1**number) / size + own.weight_decay * p)
        return
    mean = kept["mean"] = optimizer.momentum * kept.get("mean", 0.0) + (1 - optimizer.momentum) * gradient
    update = (1 - optimizer.momentum) * gradient + optimizer.momentum * mean if optimizer.nesterov else mean
    left, values, right = np.linalg.svd(update.reshape(len(p), -1), full_matrices=False)
    values = values / max(np.linalg.norm(values), optimizer.epsilon)
    a, b, c = optimizer.coefficients
    for _ in range(optimizer.iterations):  # x xᵀ and its square have the same singular vectors
        values = a * values + b * values**3 + c * values**5
    rows, columns = left.shape[0], right.shape[1]
    matched = optimizer.adjust_rate == "match_rms_adamw"
    ratio = 0.2 * np.sqrt(max(rows, columns)) if matched else np.sqrt(max(1, rows / columns))
    p -= rate * (ratio * ((left * values) @ right).reshape(p.shape) + optimizer.weight_decay * p)


@pytest.mark.parametrize("shape", [(3, 5), (5, 3), (4, 4), (1, 6), (6, 1)])
@pytest.mark.parametrize("options", [{}, {"nesterov": False, "momentum": 0.5}, {"adjust_lr_fn": "match_rms_adamw"}])
def test_is_torchs(shape, options, monkeypatch):
    """PyTorch's in float64: it iterates in bfloat16 otherwise, and is right to a hundredth."""
    torch = pytest.importorskip("torch", reason="torch is in the extra `bench`")
    if not hasattr(torch.optim, "Muon"):
        pytest.skip("torch has it from 2.9 on")
    monkeypatch.setattr(torch.Tensor, "bfloat16", lambda self: self.clone())
    start = np.random.default_rng(3).normal(size=shape)
    theirs = torch.nn.Parameter(torch.tensor(start))
    optimizer = torch.optim.Muon([theirs], lr=0.1, weight_decay=0.2, **options)
    for number in range(1, 61):
        optimizer.param_groups[0]["lr"] = 0.1 / number
        optimizer.zero_grad()
        ((theirs - 1) ** 4).sum().backward()
        optimizer.step()
    knobs = {("adjust_rate" if name == "adjust_lr_fn" else name): value for name, value in options.items()}
    ours, _ = trajectory("muon", {"weight_decay": 0.2, **knobs}, start, 60)
    np.testing.assert_allclose(ours, theirs.detach().numpy(), rtol=1e-7, atol=1e-7)


def test_decay_of_both_has_the_factor():
    muon = OPTIMIZERS.make({"muon": {"learning_rate": 0.1, "weight_decay": 0.2}}).decayed(0.5)
    assert (muon.weight_decay, muon.adamw.weight_decay) == (0.1, 0.005)
