"""Rows of optimizers with two moments."""

from __future__ import annotations

from xonet.kernels import moments
from xonet.optimizers._moments import Moments
from xonet.optimizers._site import OptimizerSite


def lower_moments(optimizer: Moments, site: OptimizerSite, *, apart: bool) -> None:
    """One row a stretch."""
    for part in site.parts:
        site.row(
            moments.step, part.parameters, part.gradients, site.stride, part.slots,
            part.state["mean"], part.state["square"], site.rate, part.rate_factor, part.step, part.count,
            optimizer.beta1, optimizer.beta2, optimizer.epsilon,
            optimizer.weight_decay * part.decay_factor, apart,
        )  # fmt: skip
