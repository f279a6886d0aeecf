"""`glorot_uniform`."""

from __future__ import annotations

CASES = [({}, 0, 2 / (750 + 1000))]
"""2 / (fan in + fan out)."""
