"""`cosine_distance` in PyTorch."""

from __future__ import annotations

import torch.nn.functional as F

from xonet.bench.peers.in_torch._calls import Call
from xonet.losses import Loss


def there(loss: Loss) -> Call:
    """Targets are values."""
    return lambda scores, targets: (1 - F.cosine_similarity(scores, targets)).mean()
