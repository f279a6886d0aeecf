"""Rows of `adamw`."""

from __future__ import annotations

from xonet.optimizers._moments_rows import lower_moments
from xonet.optimizers._site import OptimizerSite
from xonet.optimizers.adamw import Adamw


def lower(optimizer: Adamw, site: OptimizerSite) -> None:
    """Weight decay stays apart from the gradient."""
    lower_moments(optimizer, site, decoupled=True)
