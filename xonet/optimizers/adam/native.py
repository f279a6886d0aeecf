"""Rows of `adam`."""

from __future__ import annotations

from xonet.optimizers._moments_rows import lower_moments
from xonet.optimizers._site import OptimizerSite
from xonet.optimizers.adam import Adam


def lower(optimizer: Adam, site: OptimizerSite) -> None:
    """Weight decay joins the gradient."""
    lower_moments(optimizer, site, decoupled=False)
