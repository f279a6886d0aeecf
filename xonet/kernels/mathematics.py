"""Functions of sixteen values that processors have no instruction for."""

from __future__ import annotations

from xonet.kernels import exponent, fma, helper, mantissa, maximum, rint, select, splat, times_power_of_two

INFINITY, NAN = float("inf"), float("nan")
NORMAL = float.fromhex("0x1p-126")
"""The smallest number that has an exponent."""


@helper
def exp(x):
    """The number e to the power x, to about 1e-7 of its size; 0 below -87 and e^88 above 88.

    2^n times a polynomial on half a power of two: the coefficients of Cephes' `expf` (Moshier 1989).
    """
    clipped = -maximum(-maximum(x, splat(-87.0)), splat(-88.0))
    n = rint(clipped * 1.44269504)
    r = fma(n, splat(-0.693359375), clipped)
    r = fma(n, splat(2.12194440e-4), r)
    p = fma(splat(1.9875691500e-4), r, splat(1.3981999507e-3))
    p = fma(p, r, splat(8.3334519073e-3))
    p = fma(p, r, splat(4.1665795894e-2))
    p = fma(p, r, splat(1.6666665459e-1))
    p = fma(p, r, splat(5.0000001201e-1))
    p = fma(p, r * r, r + 1.0)
    return select(x < -87.0, splat(0.0), times_power_of_two(p, n))


@helper
def log(x):
    """Natural logarithm; -∞ of 0, and NaN of what is below: the coefficients of Cephes' `logf` (Moshier 1989)."""
    tiny = x < NORMAL
    normal = select(tiny, x * 16777216.0, x)
    n, m = exponent(normal), mantissa(normal)
    above = m > 1.41421356
    n = select(above, n + 1.0, n) - select(tiny, splat(24.0), splat(0.0))
    r = select(above, m * 0.5, m) - 1.0
    p = fma(splat(7.0376836292e-2), r, splat(-1.1514610310e-1))
    p = fma(p, r, splat(1.1676998740e-1))
    p = fma(p, r, splat(-1.2420140846e-1))
    p = fma(p, r, splat(1.4249322787e-1))
    p = fma(p, r, splat(-1.6668057665e-1))
    p = fma(p, r, splat(2.0000714765e-1))
    p = fma(p, r, splat(-2.4999993993e-1))
    p = fma(p, r, splat(3.3333331174e-1))
    square = r * r
    p = fma(p, square * r, fma(n, splat(-2.12194440e-4), square * -0.5))
    inner = fma(n, splat(0.693359375), r + p)
    outer = select(x == 0.0, splat(-INFINITY), select(x > 0.0, x, splat(NAN)))
    return select((x > 0.0) & (x < INFINITY), inner, outer)


@helper
def log1p(x):
    """log(1 + x), exact near 0, too: what 1 + x is rounded by is put back to first order."""
    whole = x + 1.0
    rounded = select((whole > 0.0) & (x < 1e8), (x - (whole - 1.0)) / whole, splat(0.0))
    return log(whole) + rounded


@helper
def sigmoid(x):
    """1 / (1 + e^-x)."""
    return 1.0 / (exp(-x) + 1.0)


@helper
def tanh(x):
    """Hyperbolic tangent; near 0, where 1 - 2 / (e^2x + 1) would lose digits, its series."""
    square = x * x
    series = x * fma(
        square, fma(square, fma(square, splat(-0.053968254), splat(0.13333333)), splat(-0.33333333)), splat(1.0)
    )
    small = square < 0.01
    return select(small, series, 1.0 - 2.0 / (exp(x + x) + 1.0))
