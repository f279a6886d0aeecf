"""`huber`: a loop and its cases."""

from __future__ import annotations

CASES = [({},), ({"delta": 0.5, "reduce": "sum"},)]


def naive(loss, scores, targets):
    """A parabola, and a line from where the error is delta."""
    errors = [abs(target - score) for score, target in zip(scores, targets, strict=True)]
    total = sum(e * e / 2 if e <= loss.delta else loss.delta * (e - loss.delta / 2) for e in errors)
    return total / len(errors) if loss.reduce == "mean" else total
