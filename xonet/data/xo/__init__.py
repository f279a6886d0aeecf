"""The source `xo`: drawn pictures of X and O, with the deck's trickier cases."""

from __future__ import annotations

from xonet.data import SOURCES, Dataset, DataSource, Look, Wanted, needs_picture
from xonet.language.fields import field
from xonet.language.kinds import Integer, Interval, Number
from xonet.language.shapes import ShapeError

BESIDE = 24
"""Bytes of memory that drawing a picture takes beside its pixels: its letter, its label."""


class Xo(DataSource):
    """Draws pictures of an X or an O: black ink on white paper, anti-aliased, each with its own variation.

    Without variation an X has its ink where the deck's has: on both diagonals, from the pixel (1, 1) to (7, 7) of
    9 × 9. On an input of another size the letter fills the same part of it. A larger `count` starts with the same
    pictures.
    """

    count: int = field(Integer(minimum=1), "The number of pictures.", example=2000)
    seed: int = field(
        Integer(minimum=0),
        "A different seed draws different pictures; sets with the same seed never draw the same ones.",
        default=0,
    )
    shift: float = field(
        Number(minimum=0), "The largest shift of a letter in pixels, up or down and left or right.", default=0
    )
    rotate: float = field(
        Number(minimum=0, maximum=180), "The largest rotation of a letter in degrees, either way.", default=0
    )
    scale: tuple[float, float] = field(
        Interval(Number(above=0)),
        "[low, high]: how large a letter is drawn; height and width are drawn independently.",
        default=[1, 1],
    )
    stroke: tuple[float, float] = field(
        Interval(Number(above=0)), "[thin, thick]: how wide the pen is, in pixels.", default=[1, 1]
    )
    noise: float = field(
        Number(minimum=0),
        "How much grey values vary: a standard deviation, where 1 is the distance from black to white.",
        default=0,
    )
    balance: float = field(Number(minimum=0, maximum=1), "The fraction of X.", default=0.5)

    def check(self, wanted: Wanted) -> None:
        """The classes must be X and O, and an interval must begin at its lower end."""
        needs_picture("xo", wanted.shape)
        if sorted(wanted.classes) != ["O", "X"] and not wanted.is_own_target:
            classes = ", ".join(wanted.classes) or "none"
            raise ShapeError(
                "source-mismatch",
                f"xo draws X and O, but the network's classes are: {classes}",
                help="write output: {classes: [X, O]}",
            )
        for knob in ("scale", "stroke"):
            low, high = getattr(self, knob)
            if low > high:
                raise ShapeError(
                    "empty-interval",
                    f"{knob} goes from {low:g} to {high:g}: the first number must be the lower one",
                    knob=knob,
                    help=f"write [{high:g}, {low:g}]",
                )

    def look(self, wanted: Wanted) -> Look:
        """As many as are drawn."""
        return Look(self.count, beside=BESIDE * self.count)

    def repeats(self) -> bool:
        """Only without any variation, and then it gives an X and an O, over and over."""
        return not (self.shift or self.rotate or self.noise or len({*self.scale}) > 1 or len({*self.stroke}) > 1)

    def drawing_seed(self) -> int:
        """Its seed."""
        return self.seed

    def read_data(self, wanted: Wanted) -> Dataset:
        """Drawn, not read."""
        drawn: Dataset = SOURCES.part(self, "draw").draw(self, wanted)
        return drawn
