"""The word `share`: not a source of its own, but a part of the training data that is set aside."""

from __future__ import annotations

from xonet.data import DataSource, Wanted
from xonet.language.fields import field
from xonet.language.kinds import Number
from xonet.language.shapes import Misfit


class Share(DataSource):
    """A share of the training data, taken out of it, picture by picture: by its name and the training's seed.

    Names are paths below the source's folder or list; pictures without names count in their order. So files that come
    or go move no other picture: what was trained on is never tested on, after a `--resume` neither. A share is about
    that much of each class: of 1,000 pictures, 0.1 is 100 give or take 10; of a class of 12 it may be none, which is
    told. Where every picture counts, name a folder of its own. Only validation and test can be a share.
    """

    sole = "share"

    share: float = field(Number(above=0, below=1), "Which part of the training data; 0.1 is a tenth.", example=0.1)

    def check(self, wanted: Wanted) -> None:
        """There is nothing that training data could be taken from."""
        raise Misfit(
            "misplaced-share",
            "share takes from data.train, so it can stand for data.validation and data.test only",
            help="name a source, such as xo: {count: 8000, shift: 1}",
        )
