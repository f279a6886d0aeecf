"""The loss `absolute_error`: right answer minus actual answer, as the deck counts it."""

from __future__ import annotations

from xonet.losses import Loss


class AbsoluteError(Loss):
    """The deck's error: the sum over outputs of |right answer - actual answer|."""
