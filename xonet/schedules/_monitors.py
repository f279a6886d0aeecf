"""What is measured after each epoch and can be followed: by the schedule `plateau`, and by early stopping."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from xonet.metrics import MetricName, rises

MONITOR = MetricName(monitored=True)
"""Names of a history's columns."""


def monitored(monitor: str, rows: Sequence[Mapping[str, Any]]) -> list[float]:
    """One column of a history, with its sign turned where more is better; so less is always better.

    Where rows lack it, as those of before a resume with a changed file may, that is the worst.
    """
    sign = -1 if rises(monitor) else 1
    return [sign * row[monitor] if monitor in row else math.inf for row in rows]
