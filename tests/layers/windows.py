"""Windows over a picture found by walking, with none of the package's shape arithmetic: for the naive loops."""

from __future__ import annotations

import math
from typing import Any


def starts(
    length: int, window: int, stride: int, padding: Any, dilation: int = 1, ceil: bool = False
) -> tuple[list[int], int]:
    """Where each window starts along one axis (0 is the picture's first pixel), and where the padding behind ends."""
    reach = (window - 1) * dilation + 1
    if padding == "same":
        count = math.ceil(length / stride)
        missing = max((count - 1) * stride + reach - length, 0)
        return [place * stride - missing // 2 for place in range(count)], length + missing - missing // 2
    before, after = (0, 0) if padding == "valid" else padding
    end = length + after
    found = []
    start = -before
    while start + reach <= end:
        found.append(start)
        start += stride
    # One more, partly over the edge, where the ones so far do not see everything.
    if ceil and start < length and (not found or found[-1] + reach < end):
        found.append(start)
    return found, end


def sides(padding: Any) -> tuple[Any, Any]:
    """The padding of rows and of columns, from a layer's value of the knob."""
    return (padding, padding) if isinstance(padding, str) else padding
