"""`branches` in PyTorch."""

from __future__ import annotations

from functools import reduce
from typing import Any

import torch

from xonet.bench.peers.in_torch._calls import Call, Tensors
from xonet.layers._graph import Operation


def there(operation: Operation, own: Tensors, twin: torch.nn.Module) -> Call:
    """Channels lie second there."""
    layer: Any = operation.layer
    ways = len(operation.inputs)
    merges: dict[str, Call] = {
        "concat": lambda *x: torch.cat(x, 1),
        "add": lambda *x: sum(x),
        "mean": lambda *x: sum(x) / ways,
        "multiply": product,
        "max": lambda *x: torch.maximum(*x) if ways == 2 else torch.stack(x).amax(0),
    }
    return merges[layer.merge]


def product(*x: torch.Tensor) -> torch.Tensor:
    """Of all; a row is a picture of one pixel beside pictures."""
    pictures = any(path.ndim == 4 for path in x)
    return reduce(torch.mul, (path[:, :, None, None] if pictures and path.ndim == 2 else path for path in x))
