"""`adadelta` in PyTorch."""

from __future__ import annotations

from typing import Any

import torch

from xonet.optimizers.adadelta import Adadelta


def there(optimizer: Adadelta) -> tuple[type[torch.optim.Optimizer], dict[str, Any]]:
    """The class, and its options."""
    return torch.optim.Adadelta, {"rho": optimizer.rho, "eps": optimizer.epsilon}
