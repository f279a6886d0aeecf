"""The layer `squeeze_excite`: a gate for each channel, made of all channels' means."""

from __future__ import annotations

from typing import Any, ClassVar

from xonet.language.fields import field
from xonet.language.kinds import Choice, Integer
from xonet.language.shapes import ShapeError
from xonet.layers import LAYERS, Layer, needs_picture
from xonet.layers._base import Flow, Unfolding
from xonet.layers._learned import Learned

RATIO = 16
"""Hu et al.'s."""


class SqueezeExcite(Learned):
    """Multiplies each channel by a gate made of all channels' means: y = x · gate(W₂ activation(W₁ mean(x) + b₁) + b₂).

    It unfolds to layers, which have the parameters: global_avg_pool2d, dense to `units` numbers
    (`squeeze_excite.layers.1`), the activation, dense to a number a channel (`squeeze_excite.layers.3`), the gate; and
    branches, which multiplies by the input. Hu et al. 2018, arXiv 1709.01507, section 3. torchvision's
    SqueezeExcitation is the same, its fc1 and fc2 being 1 × 1 convolutions.
    """

    also = ("SqueezeExcitation", "SEBlock", "SELayer", "SEModule", "SqueezeAndExcite", "SqueezeAndExcitation", "se")
    instead = (("units", "ratio"),)
    advice: ClassVar = {name: said for name, said in Learned.advice.items() if name != "activation"} | {
        **dict.fromkeys(("input_channels", "channel", "channels"), "remove it: it follows from the layer above"),
        **dict.fromkeys(("se_ratio", "rd_ratio"), "write ratio, channels / units: 4 where it would be 0.25"),
        "bias": "remove it: both dense layers have one",
        "use_bias": "remove it: both dense layers have one",
    }

    units: int | None = field(
        Integer(minimum=1),
        "To how many numbers the channels' means are squeezed; by default channels / ratio.",
        default=None,
        example=8,
        also=("squeeze_channels", "rd_channels"),
    )
    ratio: int | None = field(
        Integer(minimum=1),
        f"How many channels are squeezed to one unit, {RATIO} without units; channels / ratio is rounded down, "
        "but is at least 1.",
        default=None,
        example=4,
        also=("reduction", "reduction_ratio", "r", "squeeze_factor"),
    )
    activation: str = field(  # type: ignore[misc]
        Choice("relu", "relu6", "leaky_relu", "elu", "gelu", "silu", "hard_swish", "tanh"),
        "What follows the first dense layer.",
        default="relu",
    )
    gate: str = field(
        Choice("sigmoid", "hard_sigmoid"),
        "What makes the gates; MobileNetV3 has hard_sigmoid.",
        default="sigmoid",
        also=("scale_activation", "gate_layer", "gate_activation"),
    )

    def trace(self, trace: Unfolding[Flow], x: Flow) -> Flow:
        """The gates, and their product with the input.

        Raises:
            ShapeError: where the input is a row, or both units and ratio are given.
        """
        needs_picture("squeeze_excite", x.shape)
        if self.units and self.ratio:
            raise ShapeError(
                "conflicting-knobs",
                "squeeze_excite takes units or a ratio, not both",
                knob="ratio",
                help="keep one of them",
            )
        channels = x.shape.channels
        units = self.units or max(1, channels // (self.ratio or RATIO))
        learned = {name: getattr(self, name) for name in Learned.fields if name != "name"}
        layers: list[Any] = [
            "global_avg_pool2d",
            {"dense": {"units": units, **learned}},
            self.activation,
            {"dense": {"units": channels, **learned}},
            self.gate,
        ]
        with trace.inside(self, "squeeze_excite"):
            gates = trace.through([self._own(layer) for layer in layers], x, "layers")
        product: Any = {"branches": {"paths": [[], []], "merge": "multiply", "name": self.name}}
        return trace.apply(self._own(product), x, gates)

    def _own(self, plain: Any) -> Layer:
        """A layer that stands where this one does."""
        layer = LAYERS.make(plain)
        layer.node, layer.place, layer.alias = self.node, self.place, self.alias
        return layer
