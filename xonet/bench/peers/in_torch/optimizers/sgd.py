"""`sgd` in PyTorch."""

from __future__ import annotations

from typing import Any

import torch

from xonet.optimizers.sgd import Sgd


def there(optimizer: Sgd) -> tuple[type[torch.optim.Optimizer], dict[str, Any]]:
    """The class, and its options."""
    return torch.optim.SGD, {"momentum": optimizer.momentum, "nesterov": optimizer.nesterov}
