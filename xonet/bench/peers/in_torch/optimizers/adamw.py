"""`adamw` in PyTorch."""

from __future__ import annotations

from typing import Any

import torch

from xonet.optimizers.adamw import Adamw


def there(optimizer: Adamw) -> tuple[type[torch.optim.Optimizer], dict[str, Any]]:
    """The class, and its options."""
    return torch.optim.AdamW, {"betas": (optimizer.beta1, optimizer.beta2), "eps": optimizer.epsilon}
