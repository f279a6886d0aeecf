"""How targets come: class numbers for cross_entropy and its like, otherwise an array as large as the scores."""

from __future__ import annotations

import torch
import torch.nn.functional as F


def one_hot(scores: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Targets as large as the scores: of class numbers, 1 for the right class and 0 elsewhere; of one score, both."""
    if targets.ndim == 1:
        return (
            targets[:, None].to(scores.dtype)
            if scores.shape[1] == 1
            else F.one_hot(targets, scores.shape[1]).to(scores.dtype)
        )
    return targets


def over_outputs(losses: torch.Tensor, reduce: str) -> torch.Tensor:
    """The mean over pictures of the sum or mean over outputs."""
    return losses.mean() if reduce == "mean" else losses.sum() / len(losses)
