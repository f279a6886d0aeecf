"""`stochastic_depth` in PyTorch."""

from __future__ import annotations

from typing import Any

import torch

from xonet.bench.peers.in_torch._calls import Call, Tensors
from xonet.layers._graph import Operation


def there(operation: Operation, own: Tensors, twin: torch.nn.Module) -> Call:
    """As torchvision's, with mode row; it draws random numbers of its own."""
    layer: Any = operation.layer
    stays = 1 - layer.rate

    def call(x: torch.Tensor) -> torch.Tensor:
        if not twin.training:
            return x
        return x * x.new_empty(len(x), *(1 for _ in x.shape[1:])).bernoulli_(stays).div_(stays)

    return call
