"""The functions that formulas are written in: over NumPy arrays here, over sixteen values at a time in kernels.

`native` says what each means in a kernel. NumPy is imported when a formula is computed: a check of a file needs none.
"""

from __future__ import annotations

from typing import Any

from xonet.turns import imported

Values = Any
"""An array of any shape and float type; in a kernel, sixteen values."""


def maximum(x: Values, y: Values) -> Values:
    """The larger of each two; NaN where either is."""
    return imported("numpy").maximum(x, y)


def minimum(x: Values, y: Values) -> Values:
    """The smaller of each two; NaN where either is."""
    return imported("numpy").minimum(x, y)


def clip(x: Values, least: Values, most: Values) -> Values:
    """Each value, but no smaller than `least` and no larger than `most`."""
    return minimum(maximum(x, least), most)


def where(condition: Values, x: Values, y: Values) -> Values:
    """`x` where the condition holds, `y` elsewhere."""
    return imported("numpy").where(condition, x, y)


def exp(x: Values) -> Values:
    """The number e to the power x; from about 88 on, a kernel gives e^88, and NumPy what its float type holds."""
    numpy = imported("numpy")
    with numpy.errstate(over="ignore"):
        return numpy.exp(x)


def tanh(x: Values) -> Values:
    """Hyperbolic tangent."""
    return imported("numpy").tanh(x)
