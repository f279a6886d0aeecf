"""`binary_cross_entropy` in PyTorch."""

from __future__ import annotations

import torch
import torch.nn.functional as F

from xonet.bench.peers.in_torch._calls import Call
from xonet.bench.peers.in_torch.losses._targets import one_hot, over_outputs
from xonet.losses.binary_cross_entropy import BinaryCrossEntropy


def there(loss: BinaryCrossEntropy) -> Call:
    """Each output by itself; PyTorch has no smoothing, so that is done to the targets."""

    def mean_loss(scores: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        wanted = one_hot(scores, targets)
        if loss.label_smoothing:
            wanted = torch.lerp(wanted, torch.full_like(wanted, 0.5), loss.label_smoothing)
        return over_outputs(F.binary_cross_entropy_with_logits(scores, wanted, reduction="none"), loss.reduce)

    return mean_loss
