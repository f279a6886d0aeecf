"""What layers have in common that leave something out at random during training: values, channels, or whole pictures.

`reference` computes them in NumPy, `native` has their kernels.
"""

from __future__ import annotations

from xonet.layers._dropping._base import Dropping

__all__ = ["Dropping"]
