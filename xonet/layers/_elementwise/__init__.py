"""What layers have in common that treat every value alike: two formulas make such a layer.

`formulas` holds the functions that they are written in, `reference` computes them in NumPy, and `native` makes their
kernels.
"""

from __future__ import annotations

from xonet.layers._elementwise._base import INPLACE, Elementwise
from xonet.layers._elementwise.formulas import (
    Values,
    absolute,
    clip,
    erf,
    exp,
    expm1,
    log1p,
    maximum,
    minimum,
    sigmoid,
    tanh,
    where,
)

__all__ = [
    "INPLACE",
    "Elementwise",
    "Values",
    "absolute",
    "clip",
    "erf",
    "exp",
    "expm1",
    "log1p",
    "maximum",
    "minimum",
    "sigmoid",
    "tanh",
    "where",
]
