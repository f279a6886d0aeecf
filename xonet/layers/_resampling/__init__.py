"""What layers have in common whose values are copies of the input's, or fixed sums of a few of them.

A layer says in one formula where each value comes from; tables are made of it, and one kernel reads them both ways.
"""

from __future__ import annotations

from xonet.layers._resampling._base import Index, Resampling, Term, reflected, within

__all__ = ["Index", "Resampling", "Term", "reflected", "within"]
