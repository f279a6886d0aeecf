"""Kinds of the tile for windows over one channel: a number that says how wide the window is, and what is computed."""

from __future__ import annotations

from xonet.kernels import helper

KINDS = 8
"""Numbers for each width, of which five are in use."""
FORWARD = (0, 1)
"""Kinds of a window that moves by one column, and by two; `backward` gives those on the way back."""
BACKWARD = (2, 3, 4)


@helper
def forward(window, stride):
    """The kind of a window so wide that moves by `stride` columns, 1 or 2."""
    return KINDS * window + stride - 1


@helper
def backward(window, stride, phase):
    """On the way back; `phase`: whether the first output lies on an even (0) or an odd column of the padded input."""
    return KINDS * window + 1 + stride + phase


def uses(kind: int, outputs: int) -> dict[int, list[tuple[int, int]]]:
    """Which outputs a column is for, and through which of the window's columns: {column: [(output, tap), ...]}.

    On the way back, outputs are the inputs of a window. Columns are counted from the first that is looked at.
    """
    window, number = divmod(kind, KINDS)
    back = number in BACKWARD
    stride = 1 if number in (FORWARD[0], BACKWARD[0]) else 2
    found: dict[int, list[tuple[int, int]]] = {}
    for output in range(outputs):
        for tap in range(window):
            if not back:
                found.setdefault(output * stride + tap, []).append((output, tap))
            else:
                phase = number - BACKWARD[1] if stride == 2 else 0
                column, rest = divmod(output + phase - tap, stride)
                if rest == 0:
                    found.setdefault(column + (window - 1 - phase) // stride, []).append((output, tap))
    return dict(sorted(found.items()))
