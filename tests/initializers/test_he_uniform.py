"""`he_uniform`."""

from __future__ import annotations

CASES = [({}, 0, 2 / 750), ({"mode": "fan_out"}, 0, 2 / 1000)]
"""2 / fan in, or 2 / fan out."""
