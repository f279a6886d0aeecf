"""The functions that formulas are written in: over NumPy arrays here, over sixteen values at a time in kernels.

`native` says what each means in a kernel. NumPy is imported when a formula is computed: a check of a file needs none.
"""

from __future__ import annotations

import math
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


def absolute(x: Values) -> Values:
    """Each without its sign."""
    return imported("numpy").abs(x)


def clip(x: Values, least: Values, most: Values) -> Values:
    """Each value, but no smaller than `least` and no larger than `most`."""
    return minimum(maximum(x, least), most)


def where(condition: Values, x: Values, y: Values) -> Values:
    """`x` where the condition holds, `y` elsewhere."""
    return imported("numpy").where(condition, x, y)


def exp(x: Values) -> Values:
    """The number e to the power x; infinite where the float type ends, and in a kernel from 88.37 on."""
    numpy = imported("numpy")
    with numpy.errstate(over="ignore"):
        return numpy.exp(x)


def expm1(x: Values) -> Values:
    """e^x - 1, exact near 0, too."""
    numpy = imported("numpy")
    with numpy.errstate(over="ignore"):
        return numpy.expm1(x)


def log1p(x: Values) -> Values:
    """log(1 + x), exact near 0, too."""
    return imported("numpy").log1p(x)


def sigmoid(x: Values) -> Values:
    """1 / (1 + e^-x), which overflows nowhere."""
    return 1.0 / (exp(-x) + 1.0)


def erf(x: Values) -> Values:
    """The error function, 2/√π times the integral of e^-t² from 0 to x; NumPy has none, Python has it exact."""
    numpy = imported("numpy")
    return numpy.vectorize(math.erf, otypes=[float])(x).astype(x.dtype)


def tanh(x: Values) -> Values:
    """Hyperbolic tangent."""
    return imported("numpy").tanh(x)
