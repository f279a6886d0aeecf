"""The layer `dropout`: some values are left out during training."""

from __future__ import annotations

from xonet.language.fields import field
from xonet.language.kinds import Number
from xonet.layers import Layer


class Dropout(Layer):
    """Sets values to zero at random during training, so that the layers after it do not rely on any single one.

    What is kept is divided by 1 - rate, so that sums keep their size; outside training nothing changes
    (Srivastava et al. 2014, Dropout, section 10, scaling during training).
    """

    training_only = True

    advice = Layer.advice | {
        "keep_prob": "write rate: how much is left out, 1 - keep_prob",
        "inplace": "remove it: memory is managed for you",
    }

    rate: float = field(
        Number(minimum=0, below=1),
        "The fraction of values set to zero.",
        example=0.5,
        also=("p", "dropout_ratio", "probability", "prob", "dropout_rate"),
    )
