"""`pad2d` in PyTorch."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F

from xonet.bench.peers.in_torch._calls import Call, Tensors
from xonet.layers._graph import Operation

MODES = {"zeros": "constant", "reflect": "reflect", "edge": "replicate"}


def there(operation: Operation, own: Tensors, twin: torch.nn.Module) -> Call:
    """Columns first there."""
    layer: Any = operation.layer
    (top, bottom), (left, right) = layer.padding
    mode = MODES[layer.mode]
    return lambda x: F.pad(x, (left, right, top, bottom), mode=mode)
