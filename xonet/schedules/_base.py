"""What every schedule is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from xonet.language.families import Family
from xonet.language.fields import Record, field
from xonet.language.kinds import Number


class Schedule(Record):
    """Base of every schedule."""

    warmup_epochs: float = field(
        Number(minimum=0),
        "How many epochs the learning rate first rises linearly from zero, step by step; the schedule's own factor is "
        "applied as well.",
        default=0,
        also=("warmup",),
    )

    def scale(self, epoch: float, epochs: float) -> float:
        """What the learning rate is multiplied by after `epoch` of `epochs` epochs (fractions count), warm-up aside."""
        raise NotImplementedError

    def rate(self, learning_rate: float, step: int, steps_per_epoch: int, epochs: float) -> float:
        """The learning rate of step `step`, counted from 0 over the whole training."""
        warm = min(1.0, (step + 1) / (self.warmup_epochs * steps_per_epoch)) if self.warmup_epochs else 1.0
        return learning_rate * warm * self._at_step(step, steps_per_epoch, epochs)

    def after(self, learning_rate: float, rows: Sequence[Mapping[str, Any]]) -> float:
        """The learning rate that `rate` is given once the epochs of these rows of the history are over."""
        return learning_rate

    def _at_step(self, step: int, steps_per_epoch: int, epochs: float) -> float:
        """What the learning rate of step `step` is multiplied by, warm-up aside."""
        return self.scale(step / steps_per_epoch, epochs)


def steps_of(epochs: float, steps_per_epoch: int) -> int:
    """How many steps so many epochs have; a part of an epoch is of whole steps, at least one."""
    if isinstance(epochs, int):
        return epochs * steps_per_epoch
    # what a multiplication rounds up is no step
    return max(math.ceil(epochs * steps_per_epoch - 1e-6), 1) if epochs else 0


_WARMUP = "write polynomial: {warmup_epochs: 1}; every schedule has warmup_epochs"
_FUNCTION = "no function of your own can be written; write pieces: {points: {0: 0.1, 10: 0.1, 30: 0.001}}, for example"

SCHEDULES: Family[Schedule] = Family(
    "schedule",
    "xonet.schedules",
    Schedule,
    {
        **dict.fromkeys(
            ("LinearLR", "linear"), "write polynomial to fall in a line, or warmup_epochs in any schedule to rise"
        ),
        **dict.fromkeys(
            ("warmup", "LinearWarmup", "GradualWarmupScheduler", "burn_in"),
            "write warmup_epochs in a schedule: cosine: {warmup_epochs: 1}",
        ),
        "get_cosine_schedule_with_warmup": "write cosine: {warmup_epochs: 1}",
        **dict.fromkeys(("get_linear_schedule_with_warmup", "get_polynomial_decay_schedule_with_warmup"), _WARMUP),
        **dict.fromkeys(
            ("CosineAnnealingWarmRestarts", "CosineDecayRestarts", "sgdr"),
            "write cosine; it falls once, and does not restart",
        ),
        **dict.fromkeys(
            ("CyclicLR", "triangular", "CyclicalLearningRate"),
            "write pieces, with a point at each turn: pieces: {points: {0: 0.001, 2: 0.01, 4: 0.001}}",
        ),
        **dict.fromkeys(("LambdaLR", "MultiplicativeLR", "LearningRateScheduler", "LearningRateSchedule"), _FUNCTION),
        **dict.fromkeys(
            ("SequentialLR", "ChainedScheduler"),
            "only one schedule can be written; cosine: {warmup_epochs: 1} warms up and falls, and pieces joins lines: "
            "pieces: {points: {0: 0.1, 10: 0.1, 30: 0.001}}",
        ),
        **dict.fromkeys(
            ("noam", "InverseSquareRootSchedule", "inverse_sqrt"),
            "write inverse: {decay: 1, power: 0.5, warmup_epochs: 1}, for example",
        ),
    },
    absent=("sigmoid", "random"),
)
"""Every schedule of the language."""
