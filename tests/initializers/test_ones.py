"""`ones`."""

from __future__ import annotations

CASES = [({}, 1, 0)]
