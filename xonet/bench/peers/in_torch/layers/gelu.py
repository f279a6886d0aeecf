"""`gelu` in PyTorch."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F

from xonet.bench.peers.in_torch._calls import Call, Tensors
from xonet.layers._graph import Operation


def there(operation: Operation, own: Tensors, twin: torch.nn.Module) -> Call:
    """Its knob has a name of its own there, too."""
    layer: Any = operation.layer
    return lambda x: F.gelu(x, approximate=layer.approximate)
