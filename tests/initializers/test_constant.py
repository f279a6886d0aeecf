"""`constant`."""

from __future__ import annotations

CASES = [({"value": -2}, -2, 0)]
