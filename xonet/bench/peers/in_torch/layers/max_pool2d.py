"""`max_pool2d` in PyTorch."""

from __future__ import annotations

import math
from typing import Any

import torch
import torch.nn.functional as F

from xonet.bench.peers.in_torch._calls import Call, Tensors, padding
from xonet.layers._graph import Operation


def there(operation: Operation, own: Tensors, twin: torch.nn.Module) -> Call:
    """Padding never wins."""
    layer: Any = operation.layer
    rows, columns = layer.axes(operation.inputs[0].shape)
    told, before = padding(rows, columns, -math.inf)
    window, stride, ceil = layer.window, layer.stride or layer.window, layer.ceil
    return lambda x: F.max_pool2d(before(x), window, stride, told, ceil_mode=ceil)
