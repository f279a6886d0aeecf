"""`crop2d` in PyTorch."""

from __future__ import annotations

from typing import Any

import torch

from xonet.bench.peers.in_torch._calls import Call, Tensors
from xonet.layers._graph import Operation


def there(operation: Operation, own: Tensors, twin: torch.nn.Module) -> Call:
    """A part of the array."""
    layer: Any = operation.layer
    height, width, _ = operation.output.shape
    top, left = layer.crop[0][0], layer.crop[1][0]
    return lambda x: x[:, :, top : top + height, left : left + width]
