"""`muon` in PyTorch, whose own takes matrices only: beside it its AdamW for all that has one dimension."""

from __future__ import annotations

from typing import Any

import torch

from xonet.bench.peers._peer import Unable
from xonet.optimizers.muon import Muon


class MuonAndAdamW(torch.optim.Optimizer):
    """Both; what has more than two dimensions is copied to a matrix, and back."""

    def __init__(
        self, params: Any, lr: float, weight_decay: float, others: dict[str, Any], fused: bool = False, **options: Any
    ) -> None:
        super().__init__(params, {"lr": lr})
        every = self.param_groups[0]["params"]
        self.weights = [p for p in every if p.ndim > 1]
        self.matrices = [torch.zeros(len(p), p[0].numel()) for p in self.weights]
        self.muon = torch.optim.Muon(self.matrices, lr=lr, weight_decay=weight_decay, **options)
        flat = [p for p in every if p.ndim < 2]
        self.adamw = torch.optim.AdamW(flat, fused=fused, **others) if flat else None
        self.ratio = others["lr"] / lr

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:
        """One step."""
        rate = self.param_groups[0]["lr"]
        self.muon.param_groups[0]["lr"] = rate
        for matrix, weights in zip(self.matrices, self.weights, strict=True):
            assert weights.grad is not None
            matrix.grad = weights.grad.reshape(matrix.shape)
            matrix.copy_(weights.reshape(matrix.shape))
        self.muon.step()
        for matrix, weights in zip(self.matrices, self.weights, strict=True):
            weights.copy_(matrix.reshape(weights.shape))
        if self.adamw:
            self.adamw.param_groups[0]["lr"] = rate * self.ratio
            self.adamw.step()


def there(optimizer: Muon) -> tuple[type[torch.optim.Optimizer], dict[str, Any]]:
    """The class, and its options.

    Raises:
        Unable: where PyTorch is older than 2.9.
    """
    if not hasattr(torch.optim, "Muon"):
        raise Unable("torch has muon from 2.9 on")
    own = optimizer.adamw
    return MuonAndAdamW, {
        "momentum": optimizer.momentum,
        "nesterov": optimizer.nesterov,
        "ns_coefficients": optimizer.coefficients,
        "ns_steps": optimizer.iterations,
        "eps": optimizer.epsilon,
        "adjust_lr_fn": optimizer.adjust_rate,
        "others": {
            "lr": own.learning_rate,
            "weight_decay": own.weight_decay,
            "betas": (own.beta1, own.beta2),
            "eps": own.epsilon,
        },
    }
