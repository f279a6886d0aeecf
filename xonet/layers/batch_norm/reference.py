"""`batch_norm` in plain NumPy."""

from __future__ import annotations

import numpy as np

from xonet.layers._run import Gradients, Parameters, Run
from xonet.layers.batch_norm import BatchNorm


def forward(layer: BatchNorm, parameters: Parameters, x: np.ndarray, run: Run) -> np.ndarray:
    """Any shape to the same."""
    normal, _ = _normalised(layer, parameters, x, run)
    return parameters.get("scale", 1) * normal + parameters.get("shift", 0)


def backward(
    layer: BatchNorm, parameters: Parameters, x: np.ndarray, y: np.ndarray, dy: np.ndarray, run: Run
) -> Gradients:
    """The gradients of x, and of `scale` and `shift` where there are such.

    In training, mean and variance move with every x, which takes from dx what the whole channel has in common
    (Ioffe and Szegedy 2015, section 3, the chain rule there simplified).
    """
    normal, deviation = _normalised(layer, parameters, x, run)
    everywhere = _all_but_channels(x)
    sums = {"scale": (dy * normal).sum(axis=everywhere), "shift": dy.sum(axis=everywhere)}
    gradients = {name: total for name, total in sums.items() if name in parameters and layer.trainable}
    dnormal = dy * parameters.get("scale", 1)
    if run.training:
        dnormal = dnormal - dnormal.mean(axis=everywhere) - normal * (dnormal * normal).mean(axis=everywhere)
    return dnormal / deviation, gradients


def observe(layer: BatchNorm, parameters: Parameters, x: np.ndarray) -> None:
    """Moves the running mean and variance towards the batch's.

    The running variance gets the unbiased estimate, as in PyTorch: divided by one less than the number of values. A
    single value has none, and leaves it as it is.
    """
    everywhere = _all_but_channels(x)
    count = x.size // x.shape[-1]
    batch = {"mean": x.mean(axis=everywhere)}
    if count > 1:
        batch["variance"] = x.var(axis=everywhere) * count / (count - 1)
    for name, observed in batch.items():
        parameters[name][...] = layer.momentum * parameters[name] + (1 - layer.momentum) * observed


def _normalised(layer: BatchNorm, parameters: Parameters, x: np.ndarray, run: Run) -> tuple[np.ndarray, np.ndarray]:
    """X at mean 0 and variance 1, and the standard deviation (channels) it was divided by."""
    if run.training:
        mean, variance = x.mean(axis=_all_but_channels(x)), x.var(axis=_all_but_channels(x))
    else:
        mean, variance = parameters["mean"], parameters["variance"]
    deviation = np.sqrt(variance + layer.epsilon)
    return (x - mean) / deviation, deviation


def _all_but_channels(x: np.ndarray) -> tuple[int, ...]:
    return tuple(range(x.ndim - 1))
