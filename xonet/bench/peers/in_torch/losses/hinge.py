"""`hinge` in PyTorch."""

from __future__ import annotations

import torch.nn.functional as F

from xonet.bench.peers.in_torch._calls import Call
from xonet.losses.hinge import Hinge


def there(loss: Hinge) -> Call:
    """Targets are class numbers."""
    return lambda scores, targets: F.multi_margin_loss(scores, targets, margin=loss.margin)
