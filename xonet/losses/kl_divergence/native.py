"""The kernel of `kl_divergence`: that of `cross_entropy`, as the two differ by what no score changes."""

from __future__ import annotations

from xonet.losses._site import LossSite
from xonet.losses.cross_entropy.native import gradient
from xonet.losses.kl_divergence import KLDivergence


def lower(loss: KLDivergence, site: LossSite) -> None:
    """One row, without smoothing."""
    site.row(gradient, site.scores, site.targets, site.weight, site.dy, site.outputs, 0.0)
