"""`batch_norm` in PyTorch."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F

from xonet.bench.peers.in_torch._calls import Call, Tensors
from xonet.layers._graph import Operation


def there(operation: Operation, own: Tensors, twin: torch.nn.Module) -> Call:
    """PyTorch's momentum is the share that changes, xonet's the share that stays."""
    mean, variance, scale, shift = (own.get(name) for name in ("mean", "variance", "scale", "shift"))
    layer: Any = operation.layer
    changing, epsilon = 1 - layer.momentum, layer.epsilon
    return lambda x: F.batch_norm(x, mean, variance, scale, shift, twin.training, changing, epsilon)
