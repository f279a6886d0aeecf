"""The source `share`: not data of its own, but a part of the training data that is set aside."""

from __future__ import annotations

from xonet.data import DataSource, Wanted
from xonet.language.fields import field
from xonet.language.kinds import Number
from xonet.language.shapes import ShapeError


class Share(DataSource):
    """A share of the training data, set aside picture by picture, chosen by name and the training's seed.

    Names are paths below the source's folder or list; unnamed pictures go by their order. So adding or removing files
    moves no other picture: what was trained on is never tested on, not even after a `--resume`. A share is about
    that much of each class: of 1,000 pictures, 0.1 is 100 give or take 10; of a class of 12 it may be none, which is
    reported. If every picture counts, use a separate folder. Only validation and test can be a share.
    """

    only_field = "share"

    share: float = field(Number(above=0, below=1), "The fraction of the training data; 0.1 is a tenth.", example=0.1)

    def check(self, wanted: Wanted) -> None:
        """There is nothing that training data could be taken from."""
        raise ShapeError(
            "misplaced-share",
            "share takes from data.train, so it can only be used for data.validation and data.test",
            help="name a source, such as xo: {count: 8000, shift: 1}",
        )
