"""What changed between two networks, as data: layers, knobs, and the cost of both.

Records are compared, not text: comments, the order of keys, anchors, quotes, and spelled-out defaults
change nothing. Neither does `knobs:`, whose values count only where they are used.
"""

from __future__ import annotations

from xonet.network.changes.comparing import Changes, EntryChange, Totals, compare
from xonet.network.changes.plain import Setting

__all__ = ["Changes", "EntryChange", "Setting", "Totals", "compare"]
