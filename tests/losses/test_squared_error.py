"""`squared_error`: a loop and its cases."""

from __future__ import annotations

CASES = [({},), ({"reduce": "mean"},)]


def naive(loss, scores, targets):
    """The sum of the squares of what is missing or too much."""
    total = sum((target - score) ** 2 for score, target in zip(scores, targets, strict=True))
    return total / len(scores) if loss.reduce == "mean" else total
