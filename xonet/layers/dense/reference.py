"""`dense` in plain NumPy."""

from __future__ import annotations

import numpy as np

from xonet.layers._run import Gradients, Parameters, Run
from xonet.layers.dense import Dense


def forward(layer: Dense, parameters: Parameters, x: np.ndarray, run: Run) -> np.ndarray:
    """(pictures, ...) to (pictures, units)."""
    votes = x.reshape(len(x), -1) @ parameters["weights"].T
    if layer.reduce == "mean":
        votes /= parameters["weights"].shape[1]
    return votes + parameters["bias"] if "bias" in parameters else votes


def backward(layer: Dense, parameters: Parameters, x: np.ndarray, y: np.ndarray, dy: np.ndarray, run: Run) -> Gradients:
    """The gradients of x, `weights` and `bias`."""
    weights = parameters["weights"]
    dvotes = dy / weights.shape[1] if layer.reduce == "mean" else dy
    gradients = {"weights": dvotes.T @ x.reshape(len(x), -1)}
    if "bias" in parameters:
        gradients["bias"] = dy.sum(axis=0)
    return (dvotes @ weights).reshape(x.shape), gradients
