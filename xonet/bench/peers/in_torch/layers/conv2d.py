"""`conv2d` in PyTorch."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F

from xonet.bench.peers.in_torch._calls import Call, Tensors, padding
from xonet.layers._graph import Operation


def there(operation: Operation, own: Tensors, twin: torch.nn.Module) -> Call:
    """Groups follow from the weights' shape."""
    layer: Any = operation.layer
    shape = operation.inputs[0].shape
    rows, columns = layer.axes(shape)
    told, before = padding(rows, columns, pool=False)
    groups = shape.channels // own["weights"].shape[1]
    scale, bias, stride, dilation = layer.scale, own.get("bias"), layer.stride, layer.dilation

    def call(x: torch.Tensor) -> torch.Tensor:
        weights = own["weights"] if scale == 1 else own["weights"] * scale
        return F.conv2d(before(x), weights, bias, stride, told, dilation, groups)

    return call
