"""The loss `squared_error`: large errors count most."""

from __future__ import annotations

from xonet.losses import Loss


class SquaredError(Loss):
    """The sum over outputs of (right answer - actual answer)²."""
