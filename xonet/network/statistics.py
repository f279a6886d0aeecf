"""`mean` and `std` of the input: numbers, what is measured on the training data, or a mean picture."""

from __future__ import annotations

from typing import Any

from xonet.language.fields import Nested, Record, field
from xonet.language.kinds import Choice, Either, Kind, ListOf, Number, Text
from xonet.language.nodes import Node

TRAIN = "train"
"""What stands for: measured on the training data."""

NAMES = {"mean": "input/mean", "std": "input/std"}
"""What the arrays in a model file are called; no parameter's name has a slash."""


class MeanPicture(Record):
    """A mean picture, as NumPy writes it."""

    file: str = field(
        Text(),
        "A .npy file: height × width × channels, height × width for all channels, or the features of a row. "
        "Floating-point numbers are subtracted after scaling to the range; bytes (uint8) are inverted and scaled to it "
        "first, as a picture is.",
        example="mean.npy",
        also=("path", "mean_file"),
    )


class Statistic(Kind):
    """A number, one per channel, or `train`; with `pictures` also a file with a number for each value."""

    def __init__(self, number: Number, *, pictures: bool = False) -> None:
        self.numbers, self.pictures = Either(number, ListOf(number, minimum=1)), pictures

    def schema(self) -> dict[str, Any]:
        """By type."""
        rest = {"if": {"type": "string"}, "then": Choice(TRAIN).schema(), "else": self.numbers.schema()}
        return {"if": {"type": "object"}, "then": MeanPicture.schema(), "else": rest} if self.pictures else rest

    def value(self, plain: Any) -> Any:
        """A float, a tuple of them, the word, or the record."""
        if isinstance(plain, dict):
            return MeanPicture(**plain)
        return plain if isinstance(plain, str | MeanPicture) else self.numbers.value(plain)

    def read(self, node: Node) -> Any:
        """The same, a record knowing its place."""
        return Nested(MeanPicture).read(node) if isinstance(node.value, dict) else self.value(node.plain())
