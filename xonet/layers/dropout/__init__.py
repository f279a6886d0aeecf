"""The layer `dropout`: some values are left out while training."""

from __future__ import annotations

from xonet.language.fields import field
from xonet.language.kinds import Number
from xonet.layers import Layer


class Dropout(Layer):
    """Sets values to zero at random while training, so that the layers behind it rely on no single one.

    What is kept is divided by 1 - rate, so that sums keep their size; outside training everything passes unchanged
    (Srivastava et al. 2014, Dropout, section 10, the scaling done while training).
    """

    training_only = True

    advice = Layer.advice | {
        "keep_prob": "write rate: how much is left out, 1 - keep_prob",
        "inplace": "take it away: memory is planned for you",
    }

    rate: float = field(
        Number(minimum=0, below=1),
        "The share of values set to zero.",
        example=0.5,
        also=("p", "dropout_ratio", "probability", "prob", "dropout_rate"),
    )
