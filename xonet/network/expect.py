"""The section `expect`: budgets, and scores to reach on the test data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from xonet.language.fields import Nested, Record, field
from xonet.language.kinds import Number
from xonet.language.nodes import Node
from xonet.metrics import METRICS
from xonet.metrics._base import NUMBERED


class AtMost(Record):
    """A budget."""

    max: float = field(Number(minimum=0), "The largest value allowed.", example=100000)


class AtLeast(Record):
    """A score to reach."""

    min: float = field(Number(minimum=0, maximum=1), "The smallest value allowed.", example=0.99)


class Expect(Record):
    """Acceptance criteria: `validate` fails if a budget is exceeded, `run` if a score is missed.

    A top-k accuracy may have any number in its name.
    """

    parameters: AtMost | None = field(Nested(AtMost), "The number of all parameters, learned or kept.", default=None)
    macs: AtMost | None = field(Nested(AtMost), "Multiply-adds for one picture.", default=None)
    loss: AtMost | None = field(Nested(AtMost), "The mean loss on the test data.", default=None)

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """With a pattern for the names that have a number in them."""
        schema = super().schema()
        advice = {other: text for other, text in METRICS.advice.items() if "write" in text}
        numbered = {f"^{NUMBERED}$": Nested(AtLeast).schema()}
        return {**schema, "patternProperties": numbered, "x-advice": advice}

    @classmethod
    def read(cls, node: Node) -> Expect:
        """From a node that fits `schema()`."""
        record = super().read(node)
        for name, written in node.value.items():
            if re.fullmatch(NUMBERED, name):
                setattr(record, name, AtLeast.read(written))
        return record

    @property
    def scores(self) -> Iterator[tuple[str, AtLeast | AtMost]]:
        """Each name that is measured on the test data, with what is wanted of it."""
        for name, wanted in vars(self).items():
            if isinstance(wanted, AtLeast | AtMost) and name not in ("parameters", "macs"):
                yield name, wanted


def _score(name: str) -> Any:
    metric = METRICS.members[name]
    help = f"The metric [{name}](#metric-{name}) on the test data."
    knob = field(Nested(AtLeast if metric.rises else AtMost), help, default=None, also=metric.also)
    knob.name = name
    return knob


Expect.fields |= {name: _score(name) for name in METRICS.names}
