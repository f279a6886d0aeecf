"""`lion` in PyTorch, which has none of its own: Chen et al. 2023, algorithm 2, over all parameters at once."""

from __future__ import annotations

from typing import Any

import torch

from xonet.optimizers.lion import Lion


class ForeachLion(torch.optim.Optimizer):
    """The steps, in PyTorch's functions of lists of tensors."""

    def __init__(self, params: Any, lr: float, weight_decay: float, betas: tuple[float, float]) -> None:
        super().__init__(params, {"lr": lr, "weight_decay": weight_decay, "betas": betas})

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:
        """One step."""
        for group in self.param_groups:
            weights, gradients = group["params"], [p.grad for p in group["params"]]
            means = [self.state[p].setdefault("mean", torch.zeros_like(p)) for p in weights]
            beta1, beta2 = group["betas"]
            way = torch._foreach_lerp(means, gradients, 1 - beta1)
            torch._foreach_sign_(way)
            torch._foreach_mul_(weights, 1 - group["lr"] * group["weight_decay"])
            torch._foreach_add_(weights, way, alpha=-group["lr"])
            torch._foreach_lerp_(means, gradients, 1 - beta2)


def there(optimizer: Lion) -> tuple[type[torch.optim.Optimizer], dict[str, Any]]:
    """The class, and its options."""
    return ForeachLion, {"betas": (optimizer.beta1, optimizer.beta2)}
