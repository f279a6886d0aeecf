"""Metrics, one module each: what is measured beside the loss, where a file asks for it.

A metric says in which tally (`_tallies.py`) it finds what it needs; that takes the scores some pictures at a time, and
serves every metric that names it.
"""

from __future__ import annotations

from xonet.metrics._base import EACH, METRICS, Metric
from xonet.metrics._names import MetricName, asked_for, rises

__all__ = ["EACH", "METRICS", "Metric", "MetricName", "asked_for", "rises"]
