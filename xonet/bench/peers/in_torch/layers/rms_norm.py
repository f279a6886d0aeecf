"""`rms_norm` in PyTorch."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F

from xonet.bench.peers.in_torch._calls import Call, Tensors, over_channels
from xonet.layers._graph import Operation


def there(operation: Operation, own: Tensors, twin: torch.nn.Module) -> Call:
    """Over the whole shape, or the channels, which lie last then; it has no shift there."""
    layer: Any = operation.layer
    scale, shift, epsilon = own.get("scale"), own.get("shift"), layer.epsilon

    def call(x: torch.Tensor) -> torch.Tensor:
        shape = x.shape[-1:] if layer.axes == "channels" else x.shape[1:]
        y = F.rms_norm(x, shape, scale, epsilon)
        return y if shift is None else y + shift

    return over_channels(call) if layer.axes == "channels" and operation.inputs[0].shape.is_picture else call
