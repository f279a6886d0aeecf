"""Functions of sixteen values that processors have no instruction for; where nothing else is said, NaN gives NaN.

`tests/kernels/test_mathematics.py` says how exact they are: most to two units in the last place, over all float32.
"""

from __future__ import annotations

from xonet.kernels import (
    absolute,
    exponent,
    fma,
    helper,
    mantissa,
    select,
    splat,
    times_power_of_two,
)

SHIFT = 12582912.0
"""1.5 · 2^23: what is added to it becomes a whole number, in the last bits of the sum."""
INFINITY, NAN = float("inf"), float("nan")
LEAST, MOST = -87.0, 88.37
"""Between these, e^x is a normal float32, and x is nearest to no more than 127 times log 2."""
NORMAL = float.fromhex("0x1p-126")
"""The smallest number that has an exponent."""


@helper
def _shifted(x):
    """How often e^x has doubled, to the nearest, plus SHIFT: that rounds it to a whole number, and suits its power."""
    return fma(x, splat(1.44269504), splat(SHIFT))


@helper
def _rest(x, n):
    """What is left of x when that is taken away: at most half of log 2."""
    return fma(n, splat(2.12194440e-4), fma(n, splat(-0.693359375), x))


@helper
def _curve(r):
    """(e^r - 1 - r) / r² of such a rest: a polynomial whose largest error, 1.4e-8 of e^r - 1, is the smallest."""
    p = fma(splat(1.3882510875e-3), r, splat(8.3665764690e-3))
    p = fma(p, r, splat(4.1667201655e-2))
    p = fma(p, r, splat(1.6666543207e-1))
    return fma(p, r, splat(4.9999998145e-1))


@helper
def _power(x):
    """The number e to the power x between LEAST and MOST; anything elsewhere."""
    shifted = _shifted(x)
    r = _rest(x, shifted - SHIFT)
    return times_power_of_two(fma(_curve(r), r * r, r + 1.0), shifted)


@helper
def exp(x):
    """The number e to the power x; 0 below -87 and infinite above 88.37, where float32 ends soon."""
    return select(x < LEAST, splat(0.0), select(x > MOST, splat(INFINITY), _power(x)))


@helper
def expm1(x):
    """e^x - 1, exact near 0, too."""
    above = select(x < LEAST, splat(LEAST), x)
    shifted = _shifted(above)
    r = _rest(above, shifted - SHIFT)
    doubled = times_power_of_two(splat(1.0), shifted)
    return select(x > MOST, splat(INFINITY), fma(doubled, fma(_curve(r), r * r, r), doubled - 1.0))


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
def power(x, exponent):
    """Positive numbers to a power, to about 1e-6 of its size."""
    return exp(log(x) * exponent)


@helper
def sigmoid(x):
    """1 / (1 + e^-x); 0 below -87."""
    below = select(x > -LEAST, splat(-LEAST), x)
    return select(x < LEAST, splat(0.0), 1.0 / (_power(-below) + 1.0))


@helper
def tanh(x):
    """Hyperbolic tangent; near 0, where 1 - 2 / (e^2x + 1) would lose digits, its series."""
    square = x * x
    series = x * fma(
        square, fma(square, fma(square, splat(-0.053968254), splat(0.13333333)), splat(-0.33333333)), splat(1.0)
    )
    small = square < 0.01
    return select(small, series, 1.0 - 2.0 / (exp(x + x) + 1.0))


@helper
def erf(x):
    """The error function: a polynomial in x² up to 1, and 1 less the eighth power of one from there on.

    Both are fitted so that the largest error is smallest: 4e-8 of the value below 1, 1.6e-8 above.
    """
    size = absolute(x)
    square = x * x
    p = fma(splat(-5.631423342e-4), square, splat(4.917551738e-3))
    p = fma(p, square, splat(-2.671131162e-2))
    p = fma(p, square, splat(1.128018013e-1))
    p = fma(p, square, splat(-3.761232619e-1))
    p = fma(p, square, splat(1.283791225e-1))
    near = fma(p, x, x)
    t = select(size > 3.95, splat(3.95), size)
    q = fma(splat(1.498481923e-4), t, splat(-2.469720409e-3))
    q = fma(q, t, splat(1.292582131e-2))
    q = fma(q, t, splat(-1.137347477e-2))
    q = fma(q, t, splat(-6.142643980e-2))
    q = fma(q, t, splat(-1.450605373e-1))
    q = fma(q, t, splat(1.000834700))
    fourth = (q * q) * (q * q)
    far = 1.0 - fourth * fourth
    return select(size < 1.0, near, select(x < 0.0, -far, far))


@helper
def cosine_of_turns(t):
    """The cosine of t turns, 2π each, for t from 0 to 1: the sine of what is left to a quarter, to about 1e-7."""
    away = 0.25 - absolute(select(t > 0.5, t - 1.0, t))
    x = away * 6.28318531
    square = x * x
    p = fma(splat(-2.3889859e-8), square, splat(2.7525562e-6))
    p = fma(p, square, splat(-1.9840874e-4))
    p = fma(p, square, splat(8.3333310e-3))
    p = fma(p, square, splat(-1.6666667e-1))
    return fma(p * square, x, x)
