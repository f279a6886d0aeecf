"""`local_response_norm` in PyTorch."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F

from xonet.bench.peers.in_torch._calls import Call, Tensors
from xonet.layers._graph import Operation


def there(operation: Operation, own: Tensors, twin: torch.nn.Module) -> Call:
    """Across channels its own, which takes three axes at least; within a channel as a mean of squares."""
    layer: Any = operation.layer
    size, alpha, beta, k = layer.size, layer.alpha, layer.beta, layer.k
    if layer.region == "across":
        return lambda x: F.local_response_norm(x.reshape(*x.shape[:2], -1), size, alpha, beta, k).reshape(x.shape)
    sides = 2 * layer.window
    return lambda x: x / (k + alpha * F.avg_pool2d(F.pad(x * x, sides), size, 1)) ** beta
