"""`branches` in PyTorch."""

from __future__ import annotations

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
    }
    return merges[layer.merge]
