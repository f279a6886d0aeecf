"""`he_uniform`."""

from __future__ import annotations

CASES = [({}, 0, 2 / 750)]
"""2 / fan in."""
