"""`group_norm` in PyTorch."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F

from xonet.bench.peers.in_torch._calls import Call, Tensors
from xonet.layers._graph import Operation


def there(operation: Operation, own: Tensors, twin: torch.nn.Module) -> Call:
    """The same; a shift without a scale has no gradient there, so that gets ones."""
    layer: Any = operation.layer
    scale, shift = own.get("scale"), own.get("shift")
    if scale is None and shift is not None:
        return lambda x: F.group_norm(x, layer.groups, torch.ones_like(shift), shift, layer.epsilon)
    return lambda x: F.group_norm(x, layer.groups, scale, shift, layer.epsilon)
