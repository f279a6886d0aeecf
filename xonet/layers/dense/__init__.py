"""The layer `dense`: every value votes for every unit."""

from __future__ import annotations

from xonet.language.fields import field
from xonet.language.kinds import Choice, Integer
from xonet.language.shapes import Shape
from xonet.layers import Weighted
from xonet.layers._parameter import Parameter


class Dense(Weighted):
    """Lets every value of its input vote for every unit: y[u] = bias[u] + sum over i of weights[u, i] · x[i].

    The deck's "fully connected layer". No flatten is needed before it: a picture's values are taken in height, width,
    channel order.
    """

    also = ("Linear", "FullyConnected", "InnerProduct", "Connected", "fc")

    units: int = field(
        Integer(minimum=1),
        "The number of outputs; in the last layer, one per class.",
        example=2,
        also=("out_features", "num_output", "output_size", "output_dim", "features", "neurons", "num_units"),
    )
    reduce: str = field(
        Choice("sum", "mean"),
        "`mean` divides each sum by the number of inputs, as the deck does; then the bias is added.",
        default="sum",
    )

    def output_shape(self, shape: Shape) -> Shape:
        """(units,)."""
        return Shape((self.units,))

    def parameters(self, shape: Shape) -> list[Parameter]:
        """`weights` (units, inputs), `bias` (units)."""
        return self.weights_and_bias((self.units, shape.size), fan_in=shape.size, fan_out=self.units)

    def macs(self, shape: Shape) -> int:
        """Units × inputs."""
        return self.units * shape.size

    def reach(self, shape: Shape) -> tuple[tuple[int, int], tuple[int, int]]:
        """The whole picture."""
        return (shape[0], shape[1]) if shape.is_picture else (1, 1), (1, 1)
