"""`cross_entropy` in PyTorch."""

from __future__ import annotations

import torch.nn.functional as F

from xonet.bench.peers.in_torch._calls import Call
from xonet.losses.cross_entropy import CrossEntropy


def there(loss: CrossEntropy) -> Call:
    """Targets are class numbers."""
    return lambda scores, targets: F.cross_entropy(scores, targets, label_smoothing=loss.label_smoothing)
