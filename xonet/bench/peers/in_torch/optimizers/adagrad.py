"""`adagrad` in PyTorch."""

from __future__ import annotations

from typing import Any

import torch

from xonet.optimizers.adagrad import Adagrad


def there(optimizer: Adagrad) -> tuple[type[torch.optim.Optimizer], dict[str, Any]]:
    """The class, and its options."""
    return torch.optim.Adagrad, {"initial_accumulator_value": optimizer.initial_accumulator, "eps": optimizer.epsilon}
