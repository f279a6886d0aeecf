"""The loss `cosine_distance`: the direction of the answer counts, not its length."""

from __future__ import annotations

from typing import ClassVar

from xonet.losses import INPUT, VALUES, Loss


class CosineDistance(Loss):
    """One minus the cosine of the angle between the answer and the right one: 0 where they point the same way.

    1 - a · t / (max(|a|, 1e-8) · max(|t|, 1e-8)), as PyTorch's cosine_similarity has it.
    """

    has_probabilities = False
    fits = (VALUES, INPUT)
    nearly: ClassVar = {
        "CosineEmbeddingLoss": "write cosine_distance: it is CosineEmbeddingLoss for pairs that belong together",
        **dict.fromkeys(
            ("cosine_similarity", "CosineSimilarity", "cosine_proximity"),
            "write cosine_distance; it is 1 - the similarity, so it is never below 0",
        ),
    }
