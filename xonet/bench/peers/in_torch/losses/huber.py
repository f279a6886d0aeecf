"""`huber` in PyTorch."""

from __future__ import annotations

import torch.nn.functional as F

from xonet.bench.peers.in_torch._calls import Call
from xonet.bench.peers.in_torch.losses._targets import one_hot, over_outputs
from xonet.losses.huber import Huber


def there(loss: Huber) -> Call:
    """Each output by itself."""
    return lambda scores, targets: over_outputs(
        F.huber_loss(scores, one_hot(scores, targets), reduction="none", delta=loss.delta), loss.reduce
    )
