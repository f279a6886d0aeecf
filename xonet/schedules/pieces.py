"""The schedule `pieces`."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any, ClassVar

from xonet.language.fields import field
from xonet.language.kinds import Choice, Kind, Number
from xonet.lazily import lazily
from xonet.schedules import Schedule


class ByEpoch(Kind):
    """A mapping from epochs to numbers, sorted by epoch; keys are text, as in a file."""

    number = Number(minimum=0)

    def schema(self) -> dict[str, Any]:
        """An object whose keys are numbers."""
        return {
            "type": "object",
            "patternProperties": {r"^[0-9]+(\.[0-9]+)?$": self.number.schema()},
            "additionalProperties": False,
            "minProperties": 1,
            "x-keys": "a number of epochs",
        }

    def value(self, plain: Any) -> dict[str, float]:
        """Each number by its epoch, written in one way: `10`, `1.5`."""
        return {_epoch(key): self.number.value(plain[key]) for key in sorted(plain, key=float)}


def _epoch(key: Any) -> str:
    return str(float(key)).removesuffix(".0")


class Pieces(Schedule):
    """Lets the learning rate go through given points, in straight lines from one to the next or constant up to it.

    The points are the learning rates themselves, by how many epochs are over: `{0: 0.1, 10: 0.1, 30: 0.001}` keeps 0.1
    for 10 epochs and then falls in a line to 0.001 at the end of the 30th. So the optimizer's learning_rate says
    nothing more; it is to be the first point's. Before the first point and after the last it is constant.
    In lines, that is numpy.interp(epochs, ...) in PyTorch's LambdaLR, stepped after each batch; constant, it is Keras'
    PiecewiseConstantDecay.
    """

    also = ("piecewise", "PiecewiseLinear")
    nearly: ClassVar = {
        "PiecewiseConstantDecay": "write pieces: {points: {0: 0.1, 10: 0.01}, between: constant}: epochs with the "
        "learning rates from there on"
    }
    advice: ClassVar = dict.fromkeys(
        ("knots", "values", "vals", "boundaries"), "write points: {0: 0.1, 10: 0.01}: epochs with their learning rates"
    )

    points: dict[str, float] = field(
        ByEpoch(),
        "The learning rates, each by the number of epochs that are over.",
        example={"0": 0.1, "10": 0.1, "30": 0.001},
    )
    between: str = field(
        Choice("linear", "constant"),
        "What joins two points: a straight line, or the first one's value up to the second.",
        default="linear",
    )

    def scale(self, epoch: float, epochs: float) -> float:
        """The learning rate itself."""
        epochs_over, rates = self._points
        behind = bisect_right(epochs_over, epoch)
        rate = rates[max(behind - 1, 0)]
        if behind in (0, len(rates)) or self.between == "constant":
            return rate
        before, after = epochs_over[behind - 1 : behind + 1]
        return rate + (rates[behind] - rate) * (epoch - before) / (after - before)

    @lazily
    def _points(self) -> tuple[list[float], list[float]]:
        """Epochs, and the learning rates at them."""
        return [float(epoch) for epoch in self.points], list(self.points.values())

    def rate(self, learning_rate: float, step: int, steps_per_epoch: int, epochs: float) -> float:
        """See the base; what the optimizer says does not count."""
        return super().rate(1.0, step, steps_per_epoch, epochs)
