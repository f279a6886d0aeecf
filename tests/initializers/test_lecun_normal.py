"""`lecun_normal`."""

from __future__ import annotations

CASES = [({}, 0, 1 / 750)]
"""1 / fan in."""
