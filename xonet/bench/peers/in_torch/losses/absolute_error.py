"""`absolute_error` in PyTorch."""

from __future__ import annotations

import torch.nn.functional as F

from xonet.bench.peers.in_torch._calls import Call
from xonet.bench.peers.in_torch.losses._targets import one_hot, over_outputs
from xonet.losses.absolute_error import AbsoluteError


def there(loss: AbsoluteError) -> Call:
    """Each output by itself."""
    return lambda scores, targets: over_outputs(
        F.l1_loss(scores, one_hot(scores, targets), reduction="none"), loss.reduce
    )
