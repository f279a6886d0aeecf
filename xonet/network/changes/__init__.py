"""What changed between two networks, as data: layers, knobs, and what both cost.

Records are compared, not text: comments, the order of keys, anchors, quotes, and a default that is written out
change nothing. Neither does `knobs:`, whose values count where they are used.
"""

from __future__ import annotations

from xonet.network.changes.comparing import Changes, EntryChange, Totals, compare
from xonet.network.changes.plain import Setting

__all__ = ["Changes", "EntryChange", "Setting", "Totals", "compare"]
