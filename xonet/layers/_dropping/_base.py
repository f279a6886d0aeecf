"""What a layer is that leaves something out at random during training."""

from __future__ import annotations

from typing import ClassVar

from xonet.language.fields import field
from xonet.language.kinds import Number
from xonet.language.shapes import Shape
from xonet.layers import Layer


class Dropping(Layer):
    """Base of a layer that sets what it drops to zero, and divides what it keeps by 1 - rate."""

    parts = "xonet.layers._dropping"
    training_only = True

    advice: ClassVar = Layer.advice | {
        "keep_prob": "write rate: how much is left out, 1 - keep_prob",
        "inplace": "remove it: memory is managed for you",
        "noise_shape": "remove it: spatial_dropout drops whole channels, and stochastic_depth whole pictures",
        "seed": "remove it: `xonet run --seed` says the seed of all random numbers",
    }

    rate: float = field(
        Number(minimum=0, below=1),
        "The fraction of values set to zero.",
        example=0.5,
        also=("p", "dropout_ratio", "probability", "prob", "dropout_rate"),
    )

    def drawn(self, shape: Shape) -> int:
        """How many random numbers a picture needs: number n decides for each n-th of its values; by default for one."""
        return shape.size
