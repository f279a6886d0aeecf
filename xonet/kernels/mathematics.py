"""Functions of sixteen values that processors have no instruction for."""

from __future__ import annotations

from xonet.kernels import binary_exponent, fma, helper, maximum, rint, select, splat, times_power_of_two


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
    """The natural logarithm of positive numbers from 1e-37 to 3e38, as far off as float32 rounds it.

    x = m · 2^n with m around 1, and a polynomial: the coefficients of Cephes' `logf` (Moshier 1989).
    """
    clipped = -maximum(-maximum(x, splat(1.2e-38)), splat(-3e38))
    n = binary_exponent(clipped)
    m = times_power_of_two(clipped, -n)
    large = m > 1.41421356
    n, m = select(large, n + 1.0, n), select(large, m * 0.5, m) - 1.0
    p = fma(splat(7.0376836292e-2), m, splat(-1.1514610310e-1))
    p = fma(p, m, splat(1.1676998740e-1))
    p = fma(p, m, splat(-1.2420140846e-1))
    p = fma(p, m, splat(1.4249322787e-1))
    p = fma(p, m, splat(-1.6668057665e-1))
    p = fma(p, m, splat(2.0000714765e-1))
    p = fma(p, m, splat(-2.4999993993e-1))
    p = fma(p, m, splat(3.3333331174e-1))
    square = m * m
    tail = fma(n, splat(-2.12194440e-4), fma(p * square, m, square * -0.5))
    return fma(n, splat(0.693359375), m + tail)


@helper
def power(x, exponent):
    """Positive numbers to a power, to about 1e-6 of its size."""
    return exp(log(x) * exponent)


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
