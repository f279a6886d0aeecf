"""`upsample2d` in PyTorch."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F

from xonet.bench.peers.in_torch._calls import Call, Tensors
from xonet.layers._graph import Operation


def there(operation: Operation, own: Tensors, twin: torch.nn.Module) -> Call:
    """By the output's size."""
    layer: Any = operation.layer
    size = operation.output.shape[:2]
    options = {"align_corners": False} if layer.mode == "bilinear" else {}
    return lambda x: F.interpolate(x, size, mode=layer.mode, **options)
