"""The optimizer `adam`: a separate step size for every parameter."""

from __future__ import annotations

from xonet.optimizers._moments import Moments


class Adam(Moments):
    """Divides each parameter's mean gradient by its usual size (Kingma and Ba 2015, arXiv 1412.6980, algorithm 1).

    `weight_decay` is added to the gradient, as in PyTorch; adamw keeps it separate.
    """
