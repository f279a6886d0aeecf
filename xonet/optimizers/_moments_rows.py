"""Rows of optimizers with two moments."""

from __future__ import annotations

from xonet.kernels import moments
from xonet.optimizers._moments import Moments
from xonet.optimizers._site import OptimizerSite, Part


def moments_row(site: OptimizerSite, part: Part, optimizer: Moments, *, decoupled: bool, rate: float = 1.0) -> None:
    """One stretch; its learning rate is `rate` times the site's."""
    site.row(
        moments.step, part.parameters, part.gradients, site.stride, part.slots,
        part.state["mean"], part.state["square"], site.rate, rate * part.rate_factor, part.step, part.count,
        optimizer.beta1, optimizer.beta2, optimizer.epsilon, optimizer.weight_decay * part.decay_factor, decoupled,
    )  # fmt: skip


def lower_moments(optimizer: Moments, site: OptimizerSite, *, decoupled: bool) -> None:
    """One row a stretch."""
    for part in site.parts:
        moments_row(site, part, optimizer, decoupled=decoupled)
