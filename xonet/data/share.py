"""The word `share`: not a source of its own, but a part of the training data that is set aside."""

from __future__ import annotations

from xonet.data import DataSource, Wanted
from xonet.language.fields import Number, field
from xonet.language.shapes import Misfit


class Share(DataSource):
    """A share of the training data, taken out of it: drawn by the training's seed, with as much of every class.

    Only validation and test can be one.
    """

    sole = "share"

    share: float = field(Number(above=0, below=1), "Which part of the training data; 0.1 is a tenth.", example=0.1)

    def check(self, wanted: Wanted) -> None:
        """There is nothing that training data could be taken from."""
        raise Misfit(
            "misplaced-share",
            "share takes from data.train, so it can stand for data.validation and data.test only",
            help="name a source, such as xo: {count: 8000}",
        )
