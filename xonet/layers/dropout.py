"""The layer `dropout`: some values are left out during training."""

from __future__ import annotations

from typing import ClassVar

from xonet.layers._dropping import Dropping


class Dropout(Dropping):
    """Sets values to zero at random during training, so that the layers after it do not rely on any single one.

    What is kept is divided by 1 - rate, so that sums keep their size; outside training nothing changes
    (Srivastava et al. 2014, Dropout, section 10, scaling during training).
    """

    nearly: ClassVar = dict.fromkeys(
        ("AlphaDropout", "GaussianDropout"), "write dropout: {rate: 0.5}; what is kept is multiplied by a constant"
    )
