"""`dense` in PyTorch."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F

from xonet.bench.peers.in_torch._calls import Call, Tensors
from xonet.layers._graph import Operation


def there(operation: Operation, own: Tensors, twin: torch.nn.Module) -> Call:
    """A picture's values lie channels first there, and so do the weights."""
    layer: Any = operation.layer
    scale, bias = layer.mean_scale(operation.inputs[0].shape.size), own.get("bias")
    return lambda x: F.linear(x.flatten(1), own["weights"] if scale == 1 else own["weights"] * scale, bias)
