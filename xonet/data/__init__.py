"""Where pictures come from: sources, one package each.

Its `__init__` declares (fields, and what can be checked without reading a file). What reads or draws is next to
it and is imported only when data is wanted: `validate` reads every declaration and needs neither NumPy nor Pillow.
"""

from __future__ import annotations

from xonet.data._base import SOURCES, DataSource, needs_classes, needs_picture
from xonet.data._dataset import DataError, Dataset, Look, Remark, Wanted

__all__ = [
    "SOURCES",
    "DataError",
    "DataSource",
    "Dataset",
    "Look",
    "Remark",
    "Wanted",
    "needs_classes",
    "needs_picture",
]
