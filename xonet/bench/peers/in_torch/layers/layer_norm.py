"""`layer_norm` in PyTorch."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F

from xonet.bench.peers.in_torch._calls import Call, Tensors, over_channels
from xonet.layers._graph import Operation


def there(operation: Operation, own: Tensors, twin: torch.nn.Module) -> Call:
    """Over the whole shape, or the channels, which lie last then."""
    layer: Any = operation.layer
    shape = operation.inputs[0].shape
    scale, shift, epsilon = own.get("scale"), own.get("shift"), layer.epsilon
    if layer.axes == "channels" and shape.is_picture:
        return over_channels(lambda x: F.layer_norm(x, shape[-1:], scale, shift, epsilon))
    return lambda x: F.layer_norm(x, x.shape[1:], scale, shift, epsilon)
