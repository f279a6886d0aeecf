"""`lamb` in PyTorch, which has none of its own: You et al. 2020, algorithm 2, over all parameters at once."""

from __future__ import annotations

from typing import Any

import torch

from xonet.optimizers.lamb import Lamb


class ForeachLamb(torch.optim.Optimizer):
    """The steps, in PyTorch's functions of lists of tensors."""

    def __init__(self, params: Any, lr: float, weight_decay: float, betas: tuple[float, float], eps: float) -> None:
        super().__init__(params, {"lr": lr, "weight_decay": weight_decay, "betas": betas, "eps": eps})
        self.number = 0

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:
        """One step."""
        self.number += 1
        for group in self.param_groups:
            weights, gradients = group["params"], [p.grad for p in group["params"]]
            means = [self.state[p].setdefault("mean", torch.zeros_like(p)) for p in weights]
            squares = [self.state[p].setdefault("square", torch.zeros_like(p)) for p in weights]
            beta1, beta2 = group["betas"]
            torch._foreach_lerp_(means, gradients, 1 - beta1)
            torch._foreach_mul_(squares, beta2)
            torch._foreach_addcmul_(squares, gradients, gradients, 1 - beta2)
            sizes = torch._foreach_sqrt(torch._foreach_div(squares, 1 - beta2**self.number))
            torch._foreach_add_(sizes, group["eps"])
            updates = torch._foreach_div(torch._foreach_div(means, 1 - beta1**self.number), sizes)
            torch._foreach_add_(updates, weights, alpha=group["weight_decay"])
            norms = zip(weights, torch._foreach_norm(weights), torch._foreach_norm(updates), strict=True)
            ratios = [torch.where((w > 0) & (u > 0), w / u, 1.0) if p.ndim > 1 else torch.ones(()) for p, w, u in norms]
            torch._foreach_mul_(updates, ratios)
            torch._foreach_add_(weights, updates, alpha=-group["lr"])


def there(optimizer: Lamb) -> tuple[type[torch.optim.Optimizer], dict[str, Any]]:
    """The class, and its options."""
    return ForeachLamb, {"betas": (optimizer.beta1, optimizer.beta2), "eps": optimizer.epsilon}
