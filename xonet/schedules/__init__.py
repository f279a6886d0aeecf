"""Learning rate schedules, one module each: a record with a `scale` method."""

from __future__ import annotations

from xonet.schedules._base import SCHEDULES, Schedule, steps_of

__all__ = ["SCHEDULES", "Schedule", "steps_of"]
