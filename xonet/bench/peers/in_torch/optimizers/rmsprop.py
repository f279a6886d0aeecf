"""`rmsprop` in PyTorch."""

from __future__ import annotations

from typing import Any

import torch

from xonet.optimizers.rmsprop import Rmsprop


def there(optimizer: Rmsprop) -> tuple[type[torch.optim.Optimizer], dict[str, Any]]:
    """The class, and its options."""
    return torch.optim.RMSprop, {
        "alpha": optimizer.alpha,
        "momentum": optimizer.momentum,
        "centered": optimizer.centered,
        "eps": optimizer.epsilon,
    }
