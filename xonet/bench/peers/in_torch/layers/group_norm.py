"""`group_norm` in PyTorch."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F

from xonet.bench.peers.in_torch._calls import Call, Tensors
from xonet.layers._graph import Operation


def there(operation: Operation, own: Tensors, twin: torch.nn.Module) -> Call:
    """The same; a shift by itself has no gradient there."""
    layer: Any = operation.layer
    scale, shift = own.get("scale"), own.get("shift")
    if scale is None and shift is not None:
        scale = torch.ones_like(shift, requires_grad=False)
    return lambda x: F.group_norm(x, layer.groups, scale, shift, layer.epsilon)
