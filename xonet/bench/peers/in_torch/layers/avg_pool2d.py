"""`avg_pool2d` in PyTorch."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from xonet.bench.peers.in_torch._calls import Call, Tensors, padding
from xonet.layers._graph import Operation


def there(operation: Operation, own: Tensors, twin: torch.nn.Module) -> Call:
    """As sums with a divisor of our own for each place: it must not depend on how the padding came about."""
    layer: Any = operation.layer
    rows, columns = layer.axes(operation.inputs[0].shape)
    counts = torch.from_numpy(np.outer(layer.counts(rows), layer.counts(columns)).astype(np.float32))
    told, before = padding(rows, columns)
    window, stride, ceil = layer.window, layer.stride or layer.window, layer.ceil
    if bool((counts == window[0] * window[1]).all()):
        return lambda x: F.avg_pool2d(before(x), window, stride, told, ceil)
    return lambda x: F.avg_pool2d(before(x), window, stride, told, ceil, divisor_override=1) / counts
