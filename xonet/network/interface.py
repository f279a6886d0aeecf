"""The two ends of a network: what it sees, and what its numbers mean."""

from __future__ import annotations

from typing import Any, ClassVar

from xonet.language.fields import Record, field
from xonet.language.kinds import Either, Flag, Integer, Interval, Kind, ListOf, Number, Text
from xonet.language.shapes import Shape
from xonet.network.names import Names
from xonet.network.statistics import NAMES, TRAIN, MeanPicture, Statistic


class Version(Kind):
    """The version of the language: 1."""

    def schema(self) -> dict[str, Any]:
        """The one there is."""
        return {"type": "integer", "enum": [1]}


class Answering(Record):
    """How a trained network is asked."""

    mirror: bool = field(
        Flag(),
        "Whether scores are the mean of those of a picture and of its mirror image, left and right swapped: it takes "
        "twice as long, and is often right a little more often (Krizhevsky et al. 2012, section 4.1).",
        default=False,
        example=True,
        also=("flip", "tta", "horizontal_flip"),
    )


class Input(Record):
    """What the network sees, and how raw values become network values.

    They are inverted (`invert`), then scaled to `range`; then `mean` is subtracted, and they are divided by `std`.

    What is `train` is measured once, on the training data without validation and test shares, before training begins:
    each channel's mean, and its standard deviation as NumPy's `std` gives it (1 where all values are the same). It is
    kept in the model file, as a mean picture is.
    """

    advice: ClassVar = {
        "shape": "write height, width and channels",
        "size": "write height and width",
        "image_size": "write height and width",
        "normalize": "write mean: train and std: train, or numbers",
        "featurewise_center": "write mean: train",
        "featurewise_std_normalization": "write std: train",
        "mean_file": "write mean: {file: mean.npy}",
        "mean_value": "write mean: {value}",
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
    mean: float | tuple[float, ...] | str | MeanPicture | None = field(
        Statistic(Number(), pictures=True),
        "Subtracted after scaling to the range: one number, or one per channel; `train`, each channel's mean over the "
        "training data; or {file: mean.npy}, a mean picture.",
        default=None,
        example=0.5,
    )
    std: float | tuple[float, ...] | str | None = field(
        Statistic(Number(above=0)),
        "Divided by after the mean is subtracted: one number, or one per channel; or `train`, each channel's standard "
        "deviation over the training data.",
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

    @property
    def statistics(self) -> dict[str, tuple[int, ...]]:
        """The arrays that the network keeps beside its parameters, by name: what is measured, or read from a file."""
        pictures = {NAMES["mean"]: tuple(self.shape)} if isinstance(self.mean, MeanPicture) else {}
        measured = (name for knob, name in NAMES.items() if getattr(self, knob) == TRAIN)
        return {**pictures, **dict.fromkeys(measured, (self.shape.channels,))}

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
        **dict.fromkeys(
            ("masks", "mask", "segmentation", "pixels", "pixel_classes", "class_per_pixel", "boxes", "bounding_boxes"),
            "remove it: a network answers for a whole picture, not for pixels or places in it, with classes, labels or "
            "values",
        ),
        "num_classes": "write how many classes there are, or their names: classes: {value}, or classes: [X, O]",
        "labels_file": "write classes: {file: labels.txt}",
        "label_map": "write classes: {file: labels.txt}",
    }

    classes: tuple[str, ...] = field(
        Names(minimum=2),
        "The classes' names, in the order of the scores; or how many there are, which are then called 0, 1, 2 and so "
        "on; or {file: labels.txt}, a text file in UTF-8 with one name a line. A model file holds the names.",
        default=[],
        example=["X", "O"],
        also=("class_names", "names"),
    )
    labels: tuple[str, ...] = field(
        Names(minimum=1),
        "Names of what may hold beside each other, in the order of the scores: none, one or several of them. As with "
        "classes, a number or a file stands for names.",
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
