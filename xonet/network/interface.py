"""The two ends of a network: what it sees, and what its numbers mean."""

from __future__ import annotations

from typing import Any, ClassVar

from xonet.language.fields import Record, field
from xonet.language.kinds import Either, Flag, Integer, Interval, Kind, ListOf, Number, Text
from xonet.language.shapes import Shape


class Version(Kind):
    """The version of the language: 1."""

    def schema(self) -> dict[str, Any]:
        """The one there is."""
        return {"type": "integer", "enum": [1]}


class Input(Record):
    """What the network sees, and how raw values become network values.

    They are inverted (`invert`), then scaled to `range`; then `mean` is subtracted, and they are divided by `std`.
    """

    advice: ClassVar = {
        "shape": "write height, width and channels",
        "size": "write height and width",
        "image_size": "write height and width",
    }

    height: int | None = field(Integer(minimum=1), "Rows of a picture.", default=None, example=28, also=("rows", "h"))
    width: int | None = field(
        Integer(minimum=1), "Columns of a picture.", default=None, example=28, also=("columns", "cols", "w")
    )
    channels: int = field(
        Integer(minimum=1),
        "1 for grey pictures, 3 for colour.",
        default=1,
        also=("in_channels", "num_channels", "depth", "c"),
    )
    features: int | None = field(
        Integer(minimum=1),
        "How many numbers, if the input is a row of numbers instead of a picture.",
        default=None,
        example=4,
    )
    range: tuple[float, float] = field(
        Interval(Number()), "[low, high]: what black and white become.", default=[0, 1], example=[-1, 1]
    )
    invert: bool = field(Flag(), "Whether black and white are swapped first, so that ink is bright.", default=False)
    mean: float | tuple[float, ...] | None = field(
        Either(Number(), ListOf(Number(), minimum=1)),
        "Subtracted after scaling to the range: one number, or one per channel.",
        default=None,
        example=0.5,
    )
    std: float | tuple[float, ...] | None = field(
        Either(Number(above=0), ListOf(Number(above=0), minimum=1)),
        "Divided by after the mean is subtracted: one number, or one per channel.",
        default=None,
        example=0.25,
        also=("stddev", "scale"),
    )

    @property
    def shape(self) -> Shape:
        """(height, width, channels), or (features,)."""
        if self.features is not None:
            return Shape((self.features,))
        assert self.height is not None and self.width is not None, "the schema asks for both"
        return Shape((self.height, self.width, self.channels))

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """Rows of numbers where `features` is written, otherwise pictures."""
        whole = super().schema()
        knobs = whole["properties"]
        closed = {"type": "object", "additionalProperties": False, "x-advice": whole["x-advice"]}
        row = {name: knobs[name] for name in ("features", "mean", "std")}
        picture = {name: knob for name, knob in knobs.items() if name != "features"}
        return {
            "description": whole["description"],
            "type": "object",
            "if": {"required": ["features"]},
            "then": {**closed, "properties": row},
            "else": {**closed, "properties": picture, "required": ["height", "width"]},
        }


class Output(Record):
    """What the last layer's numbers mean: a score for each class or label, or values.

    Two classes may also be told apart by a single score, that of the second one, with the loss binary_cross_entropy.
    """

    advice: ClassVar = {
        "num_classes": "write the classes' names: classes: [X, O]",
        **dict.fromkeys(
            ("masks", "mask", "segmentation", "pixels", "pixel_classes", "class_per_pixel", "boxes", "bounding_boxes"),
            "remove it: a network answers for a whole picture, not for pixels or places in it, with classes, labels or "
            "values",
        ),
    }

    classes: tuple[str, ...] = field(
        ListOf(Text(), minimum=2, unique=True),
        "The classes' names, in the order of the scores.",
        default=[],
        example=["X", "O"],
        also=("class_names", "names"),
    )
    labels: tuple[str, ...] = field(
        ListOf(Text(), minimum=1, unique=True),
        "Names of what may hold beside each other, in the order of the scores: none, one or several of them.",
        default=[],
        example=["cat", "dog", "indoors"],
        also=("tags", "attributes"),
    )
    values: int | tuple[str, ...] | None = field(
        Either(Integer(minimum=1), ListOf(Text(), minimum=1, unique=True)),
        "For regression: how many values, or their names.",
        default=None,
        example=["height", "weight"],
        also=("targets",),
    )

    @property
    def count(self) -> int:
        """How many numbers the last layer must give."""
        if self.values is None:
            return len(self.classes or self.labels)
        return self.values if isinstance(self.values, int) else len(self.values)

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """Values or labels where they are written, otherwise classes."""
        whole = super().schema()
        knobs = whole["properties"]
        classes, labels = (
            {key: value for key, value in knobs[name].items() if key != "default"} for name in ("classes", "labels")
        )
        closed = {"type": "object", "additionalProperties": False, "x-advice": whole["x-advice"]}
        return {
            "description": whole["description"],
            "type": "object",
            "if": {"required": ["values"]},
            "then": {**closed, "properties": {"values": knobs["values"]}},
            "else": {
                "if": {"required": ["labels"]},
                "then": {**closed, "properties": {"labels": labels}},
                "else": {**closed, "properties": {"classes": classes}, "required": ["classes"]},
            },
        }
