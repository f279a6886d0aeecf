"""`log_softmax` in PyTorch."""

from __future__ import annotations

import torch
import torch.nn.functional as F

from xonet.bench.peers.in_torch._calls import Call, Tensors
from xonet.layers._graph import Operation


def there(operation: Operation, own: Tensors, twin: torch.nn.Module) -> Call:
    """Over the channels."""
    return lambda x: F.log_softmax(x, 1)
