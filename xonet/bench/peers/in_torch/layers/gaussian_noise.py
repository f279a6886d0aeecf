"""`gaussian_noise` in PyTorch."""

from __future__ import annotations

from typing import Any

import torch

from xonet.bench.peers.in_torch._calls import Call, Tensors
from xonet.layers._graph import Operation


def there(operation: Operation, own: Tensors, twin: torch.nn.Module) -> Call:
    """It draws random numbers of its own."""
    layer: Any = operation.layer
    return lambda x: x + layer.stddev * torch.randn_like(x) if twin.training else x
