"""Schedules of the learning rate, one room each: a record with a `scale` method."""

from __future__ import annotations

from xonet.schedules._base import SCHEDULES, Schedule

__all__ = ["SCHEDULES", "Schedule"]
