"""`squared_error`: a loop and its cases."""

from __future__ import annotations

CASES = [({},)]


def naive(loss, scores, targets):
    """The sum of the squares of what is missing or too much."""
    return sum((target - score) ** 2 for score, target in zip(scores, targets, strict=True))
