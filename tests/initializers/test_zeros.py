"""`zeros`."""

from __future__ import annotations

CASES = [({}, 0, 0)]
