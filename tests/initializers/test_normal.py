"""`normal`."""

from __future__ import annotations

CASES = [({}, 0, 0.05**2), ({"mean": 3, "stddev": 0.5}, 3, 0.5**2)]
