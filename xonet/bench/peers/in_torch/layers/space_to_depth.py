"""`space_to_depth` in PyTorch."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F

from xonet.bench.peers.in_torch._calls import Call, Tensors
from xonet.layers._graph import Operation


def there(operation: Operation, own: Tensors, twin: torch.nn.Module) -> Call:
    """PixelUnshuffle."""
    layer: Any = operation.layer
    return lambda x: F.pixel_unshuffle(x, layer.block)
