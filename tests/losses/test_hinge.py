"""`hinge`: a loop and its cases."""

from __future__ import annotations

CASES = [({},), ({"margin": 0.3},)]


def naive(loss, scores, targets):
    """What the right class lacks of its lead over each other one."""
    right = list(targets).index(1)
    missing = [max(0, loss.margin - scores[right] + score) for n, score in enumerate(scores) if n != right]
    return sum(missing) / len(scores)
