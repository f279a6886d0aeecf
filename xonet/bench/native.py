"""The kernel that measures what the processor can do."""

from __future__ import annotations

from xonet.kernels import kernel, tile


@kernel
def multiply(rows, pixels, w, x, depth, y, times):
    """Nothing but the register tile, on numbers that never leave the first cache."""
    for _ in range(times):
        tile(rows, pixels, 1.0, 0, w, 1, 0, 0, 0, x, 16, 0, 0, 0, 1, 1, depth, 0, y, 16 * pixels, 16, 16)
