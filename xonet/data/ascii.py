"""The source `ascii`: pictures drawn in the network file itself."""

from __future__ import annotations

from xonet.data import Dataset, DataSource, Look, Wanted, needs_classes, needs_picture
from xonet.language.fields import Nested, Record, field
from xonet.language.kinds import ListOf, Text
from xonet.language.shapes import ShapeError
from xonet.language.words import counted, did_you_mean

INK, PAPER = "#", "."


class Drawing(Record):
    """One picture, a line of text for each of its rows."""

    label: str | None = field(
        Text(), "The class it shows, one of output.classes; leave it out where no picture needs one.", default=None
    )
    pixels: str = field(
        Text(), "Its rows, one below another: `#` is ink (black), `.` is paper (white).", example="#.#\n.#.\n#.#\n"
    )

    def rows(self) -> list[str]:
        """Its rows, without space around them."""
        return [line.strip() for line in self.pixels.strip().splitlines()]


class Ascii(DataSource):
    """Pictures drawn in the file itself: a list of `{label, pixels}`, where `#` is ink and `.` is paper."""

    only_field = "drawings"

    drawings: tuple[Drawing, ...] = field(
        ListOf(Nested(Drawing), minimum=1), "The pictures.", example=[{"label": "X", "pixels": "#.#\n.#.\n#.#\n"}]
    )

    def check(self, wanted: Wanted) -> None:
        """Each drawing must have the input's size, known characters, and a label that is a class."""
        needs_picture("ascii", wanted.shape)
        needs_classes("ascii", wanted)
        height, width, _ = wanted.shape
        for number, drawing in enumerate(self.drawings, 1):
            rows = drawing.rows()
            strange = sorted(set("".join(rows)) - {INK, PAPER})
            if strange:
                raise ShapeError(
                    "bad-drawing",
                    f"drawing {number} contains {strange[0]!r}: only {INK} (ink) and {PAPER} (paper) are allowed",
                    knob="pixels",
                    inside=drawing,
                    help=f"draw with {INK} and {PAPER}",
                )
            if len(rows) != height:
                raise ShapeError(
                    "bad-drawing",
                    f"drawing {number} has {counted(len(rows), 'row')}, but the input is {height} × {width}",
                    knob="pixels",
                    inside=drawing,
                    help=f"draw {height} rows",
                )
            for place, row in enumerate(rows, 1):
                if len(row) != width:
                    raise ShapeError(
                        "bad-drawing",
                        f"row {place} of drawing {number} has {counted(len(row), 'pixel')}, "
                        f"but the input is {height} × {width}",
                        knob="pixels",
                        inside=drawing,
                        help=f"draw {width} pixels in each row",
                    )
            if drawing.label is not None and wanted.classes and wanted.place(drawing.label) is None:
                raise ShapeError(
                    "unknown-class",
                    f"drawing {number} is labelled {drawing.label}, "
                    f"which is not one of the classes {', '.join(wanted.classes)}",
                    knob="label",
                    inside=drawing,
                    help=did_you_mean(drawing.label, wanted.classes),
                )
        labelled = [drawing.label is not None for drawing in self.drawings]
        if any(labelled) and not all(labelled):
            number = labelled.index(False)
            raise ShapeError(
                "bad-drawing",
                f"drawing {number + 1} has no label, but others have one",
                inside=self.drawings[number],
                help=f"add label: {', or '.join(wanted.classes) or 'X'}",
            )
        if wanted.asks_for_labels() and not any(labelled):
            raise ShapeError(
                "missing-labels",
                f"data.{wanted.role} needs labels, but the drawings have none",
                inside=self.drawings[0],
                help=f"add a label to every drawing: label: {wanted.classes[0]}",
            )

    def look(self, wanted: Wanted) -> Look:
        """As many as are drawn."""
        return Look(len(self.drawings))

    def read_data(self, wanted: Wanted) -> Dataset:
        """Ink is 0 and paper 255; without labels there are no targets."""
        import numpy as np

        raw = [[[0 if pixel == INK else 255 for pixel in row] for row in drawing.rows()] for drawing in self.drawings]
        pictures = np.repeat(np.array(raw, np.uint8)[..., None], wanted.shape.channels, axis=-1)
        labels = [drawing.label for drawing in self.drawings if drawing.label is not None]
        if not labels:
            return Dataset(pictures, None)
        targets = np.array([wanted.place(label) for label in labels]) if wanted.classes else None
        return Dataset(pictures, targets, labels)
