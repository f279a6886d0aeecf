"""The optimizer `muon`: for weights, a momentum made orthogonal; for all else, adamw."""

from __future__ import annotations

import math

from xonet.language.fields import Nested, field
from xonet.language.kinds import Choice, Flag, Integer, ListOf, Number
from xonet.optimizers import Optimizer
from xonet.optimizers.adamw import Adamw


class Muon(Optimizer):
    """Steps of momentum whose matrix is made nearly orthogonal, for weights; adamw for all else (Jordan 2024).

    mean = momentum · mean + (1 - momentum) · gradient, update = (1 - momentum) · gradient + momentum · mean (without
    `nesterov`, mean). The update is read as a matrix (first dimension × all others), divided by the root of the sum of
    its squares, and iterated five times: X = a · X + (b · XXᵀ + c · (XXᵀ)²) · X. Weights are multiplied by 1 -
    learning_rate · weight_decay, and decrease by learning_rate · √max(1, rows / columns) · X. As torch.optim.Muon, but
    in float32 where that has bfloat16; weights of convolutions too, as in kellerjordan.github.io/posts/muon. Biases and
    the scales and shifts of normalizations, which have one dimension, are stepped by `adamw`; the schedule's factor is
    for both.
    """

    state = ("mean", "square")
    usual = (1e-4, 0.2)
    begin_with = 0.02

    weight_decay: float = field(
        Number(minimum=0),
        "How strongly weights are pulled towards zero; for the other parameters there is adamw's.",
        default=0.1,
        also=Optimizer.fields["weight_decay"].also,
    )
    momentum: float = field(
        Number(minimum=0, below=1), "How much of the previous step's direction is kept.", default=0.95
    )
    nesterov: bool = field(Flag(), "Whether the step looks ahead along the momentum.", default=True)
    adjust_rate: str = field(
        Choice("original", "match_rms_adamw"),
        "What the learning rate is multiplied by: √max(1, rows / columns), or 0.2 · √max(rows, columns), with which "
        "steps are as long as adamw's (Liu et al. 2025, arXiv 2502.16982) and take a learning rate like it.",
        default="original",
        also=("adjust_lr_fn",),
    )
    iterations: int = field(
        Integer(minimum=1, maximum=99), "How often the matrix is iterated.", default=5, also=("ns_steps",)
    )
    coefficients: tuple[float, float, float] = field(
        ListOf(Number(), minimum=3, maximum=3),
        "a, b and c of the iteration.",
        default=[3.4445, -4.775, 2.0315],
        also=("ns_coefficients",),
    )
    epsilon: float = field(
        Number(above=0), "The least that the matrix is divided by before it is iterated.", default=1e-7, also=("eps",)
    )
    adamw: Adamw = field(
        Nested(Adamw),
        "How parameters of one dimension are stepped.",
        default={"learning_rate": 0.001},
    )

    def rate_ratio(self, rows: int, columns: int) -> float:
        """What the learning rate is multiplied by for a matrix."""
        if self.adjust_rate == "original":
            return math.sqrt(max(1.0, rows / columns))
        return 0.2 * math.sqrt(max(rows, columns))

    def decayed(self, factor: float) -> Muon:
        """See `Optimizer`; both weight decays."""
        other = super().decayed(factor)
        if other is not self:
            other.adamw = self.adamw.decayed(factor)
        return other
