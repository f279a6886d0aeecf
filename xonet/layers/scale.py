"""The layer `scale`: every value times a constant."""

from __future__ import annotations

from typing import ClassVar

from xonet.language.fields import field
from xonet.language.kinds import Number
from xonet.layers._elementwise import Elementwise, Values


class Scale(Elementwise):
    """Multiplies every value by a number that is not learned: y = factor · x.

    ONNX's Mul by a constant. Scores, for example, are divided by a temperature with it. A factor and shift for each
    channel that are learned, as Caffe's Scale has them, are part of batch_norm.
    """

    nearly: ClassVar = {
        "Rescaling": "write scale: {factor: 0.5}, for example; pixels are scaled in input:, by mean and std",
        "Mul": "write scale: {factor: 2}, if it is by a constant; by other layers: branches with merge: multiply",
        "Div": "write scale: {factor: 0.5}, to divide by 2, for example",
        "Neg": "write scale: {factor: -1}",
        "Power": "write scale: {factor: 2}, if power is 1 and shift 0",
        "LogSigmoid": "write scale: {factor: -1}, softplus and scale: {factor: -1}, one after another",
    }
    advice: ClassVar = Elementwise.advice | {
        "offset": "remove it: nothing is added; pixels are shifted in input:, by mean",
        "shift": "remove it: nothing is added",
        "bias_term": "remove it: batch_norm has what Caffe's Scale learns",
        "axis": "remove it: there is one factor for all values",
    }

    factor: float = field(Number(), "What every value is multiplied by.", example=0.5, also=("scale",))

    @staticmethod
    def forward(x: Values, factor: float) -> Values:
        """Each value by itself."""
        return x * factor

    @staticmethod
    def backward(dy: Values, factor: float) -> Values:
        """The slope is the factor."""
        return dy * factor
