"""The layer `gelu`: every value times the share of a normal distribution below it."""

from __future__ import annotations

from xonet.language.fields import field
from xonet.language.kinds import Choice
from xonet.layers._elementwise import Elementwise, Values, clip, erf, exp, sigmoid

HALF_ROOT = 0.7071067811865476
"""√½."""
DENSITY = 0.3989422804014327
"""1 / √2π, the normal distribution's density at 0."""
SLOPE, BEND = 1.5957691216057308, 0.044715
"""2 · √(2/π), and what the cube of x is multiplied by."""


class Gelu(Elementwise):
    """Multiplies each value by the probability that a normal number is smaller: y = x · (1 + erf(x / √2)) / 2.

    With approximate: tanh, y = x · (1 + tanh(√(2/π) · (x + 0.044715 · x³))) / 2, which differs by 0.0005 at most.
    Hendrycks and Gimpel 2016, arXiv 1606.08415, section 2.
    """

    activation = "rectifier"

    approximate: str = field(
        Choice("none", "tanh"), "`none` for the exact formula, `tanh` for the approximation of it.", default="none"
    )

    def formula(self, way: str) -> str:
        """A pair for each value of `approximate`."""
        return way if self.approximate == "none" else f"{way}_{self.approximate}"

    @staticmethod
    def forward(x: Values) -> Values:
        """Each value by itself."""
        return x * (0.5 + 0.5 * erf(x * HALF_ROOT))

    @staticmethod
    def backward(x: Values, dy: Values) -> Values:
        """The slope is the probability, and x times its density."""
        return dy * (0.5 + 0.5 * erf(x * HALF_ROOT) + x * (DENSITY * exp(x * x * -0.5)))

    @staticmethod
    def forward_tanh(x: Values) -> Values:
        """(1 + tanh(u)) / 2 is sigmoid(2u); beyond 20 that is 0 or 1."""
        near = clip(x, -20.0, 20.0)
        return x * sigmoid(SLOPE * near * (1.0 + BEND * near * near))

    @staticmethod
    def backward_tanh(x: Values, dy: Values) -> Values:
        """The slope of sigmoid(u) is sigmoid(u) · (1 - sigmoid(u)) times that of u."""
        near = clip(x, -20.0, 20.0)
        share = sigmoid(SLOPE * near * (1.0 + BEND * near * near))
        return dy * (share + x * (share * (1.0 - share) * (SLOPE + SLOPE * 3.0 * BEND * near * near)))
