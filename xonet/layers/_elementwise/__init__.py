"""What layers have in common that treat every value alike: two formulas make such a layer.

`formulas` holds the functions that they are written in, `reference` computes them in NumPy, and `native` makes their
kernels.
"""

from __future__ import annotations

from xonet.layers._elementwise._base import Elementwise
from xonet.layers._elementwise.formulas import Values, clip, exp, maximum, minimum, tanh, where

__all__ = ["Elementwise", "Values", "clip", "exp", "maximum", "minimum", "tanh", "where"]
