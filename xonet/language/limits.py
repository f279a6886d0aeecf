"""How much a file may contain, so that any file is checked quickly and in little memory."""

from __future__ import annotations

LONGEST = 2**20
"""Bytes of a file that is read."""
VALUES = 100_000
"""How many values a file may hold, and as many again that its aliases stand for."""
DEPTH = 64
"""How deep values may nest, aliases unfolded."""
FINDINGS = 500
"""The number of findings after which checking a file stops."""
CHOICES = 1000
"""Among how many words the nearest one is sought, and ..."""
COMPARED = 100
"""... how many of these, the nearest in length, are compared with it letter by letter."""
LETTERS = 60
"""For a longer word, no similar one is sought."""

WHOLE = 2**63 - 1
"""The largest whole number that the engine holds: an int64."""
SIZE = 2**31 - 1
"""The most pixels that a window, a stride or a margin may have: sums and products of two are int64 still."""
REAL = float.fromhex("0x1.fffffep+127")
"""The largest number that the engine holds: a float32."""
TINY = float.fromhex("0x1p-126")
"""The smallest float32 above 0 that has all its digits."""
