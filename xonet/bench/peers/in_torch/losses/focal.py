"""`focal` in PyTorch, which has none: as torchvision's `sigmoid_focal_loss`, and the same behind a softmax."""

from __future__ import annotations

import torch
import torch.nn.functional as F

from xonet.bench.peers.in_torch._calls import Call
from xonet.bench.peers.in_torch.losses._targets import one_hot
from xonet.losses import CLASSES
from xonet.losses.focal import Focal


def there(loss: Focal) -> Call:
    """Targets are class numbers, or labels."""

    def classes(scores: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        surprise = F.cross_entropy(scores, targets, reduction="none")
        return (loss.alpha * (1 - torch.exp(-surprise)) ** loss.gamma * surprise).mean()

    def labels(scores: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        wanted, p = one_hot(scores, targets), torch.sigmoid(scores)
        surprise = F.binary_cross_entropy_with_logits(scores, wanted, reduction="none")
        right = p * wanted + (1 - p) * (1 - wanted)
        alpha = loss.alpha * wanted + (1 - loss.alpha) * (1 - wanted)
        return (alpha * surprise * (1 - right) ** loss.gamma).mean()

    return classes if loss.answers == CLASSES else labels
