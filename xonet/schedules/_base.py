"""What every schedule is."""

from __future__ import annotations

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

    def scale(self, epoch: float, epochs: int) -> float:
        """What the learning rate is multiplied by after `epoch` of `epochs` epochs (fractions count), warm-up aside."""
        raise NotImplementedError

    def rate(self, learning_rate: float, step: int, steps_per_epoch: int, epochs: int) -> float:
        """The learning rate of step `step`, counted from 0 over the whole training."""
        warm = min(1.0, (step + 1) / (self.warmup_epochs * steps_per_epoch)) if self.warmup_epochs else 1.0
        return learning_rate * warm * self._at_step(step, steps_per_epoch, epochs)

    def _at_step(self, step: int, steps_per_epoch: int, epochs: int) -> float:
        """What the learning rate of step `step` is multiplied by, warm-up aside."""
        return self.scale(step / steps_per_epoch, epochs)


SCHEDULES: Family[Schedule] = Family(
    "schedule",
    "xonet.schedules",
    Schedule,
    {
        **dict.fromkeys(
            ("ReduceLROnPlateau", "plateau"),
            "write cosine; no schedule follows the loss here, but training.early_stopping stops when nothing improves",
        ),
        **dict.fromkeys(("ExponentialLR", "ExponentialDecay"), "write step: {every: 1, factor: 0.9}"),
        "LinearLR": "write cosine, or one_cycle",
        "MultiStepLR": "write step: {every: 10, factor: 0.1}; its steps all have the same length",
        **dict.fromkeys(("CosineAnnealingWarmRestarts", "sgdr"), "write cosine; it does not restart"),
        **dict.fromkeys(("warmup", "LinearWarmup"), "write warmup_epochs in a schedule: cosine: {warmup_epochs: 1}"),
    },
    absent=("LambdaLR", "PolynomialLR", "PolynomialDecay", "poly", "CyclicLR", "InverseTimeDecay", "SequentialLR"),
)
"""Every schedule of the language."""
