"""`kl_divergence` in PyTorch."""

from __future__ import annotations

import torch.nn.functional as F

from xonet.bench.peers.in_torch._calls import Call
from xonet.bench.peers.in_torch.losses._targets import one_hot
from xonet.losses import Loss


def there(loss: Loss) -> Call:
    """Targets are probabilities."""
    return lambda scores, targets: F.kl_div(
        F.log_softmax(scores, dim=1), one_hot(scores, targets), reduction="batchmean"
    )
