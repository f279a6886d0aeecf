"""`adam` in PyTorch."""

from __future__ import annotations

from typing import Any

import torch

from xonet.optimizers.adam import Adam


def there(optimizer: Adam) -> tuple[type[torch.optim.Optimizer], dict[str, Any]]:
    """The class, and its options."""
    return torch.optim.Adam, {"betas": (optimizer.beta1, optimizer.beta2), "eps": optimizer.epsilon}
