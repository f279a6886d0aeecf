"""The layer `repeat`: layers stacked several times."""

from __future__ import annotations

from xonet.language.fields import field
from xonet.language.kinds import Integer
from xonet.layers import Layer, stack
from xonet.layers._base import Flow, Unfolding


class Repeat(Layer):
    """Stacks its layers several times, one round after another, each round with its own weights."""

    times: int = field(Integer(minimum=1), "How many rounds.", example=3, also=("count", "repeats", "num_repeats"))
    layers: tuple[Layer, ...] = field(stack(minimum=1), "The layers of one round.", example=["relu"])

    def trace(self, trace: Unfolding[Flow], x: Flow) -> Flow:
        """Round after round."""
        with trace.inside(self, "repeat"):
            for number in range(self.times):
                with trace.round(number):
                    x = trace.through(self.layers, x, "layers")
        return x
