"""Whether a trained network meets its file's expectations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from xonet.diagnostics import Diagnostic
from xonet.network.expect import AtLeast

if TYPE_CHECKING:
    import numpy as np

    from xonet.network import Network


def missed(network: Network, found: Mapping[str, float]) -> list[Diagnostic]:
    """A finding for each score on the test data that is worse than `expect` allows."""
    expect = network.document.expect
    findings = []
    for name, wanted in expect.scores if expect else ():
        least = isinstance(wanted, AtLeast)
        bound = wanted.min if isinstance(wanted, AtLeast) else wanted.max
        if name not in found or (found[name] >= bound if least else found[name] <= bound):  # no number misses, too
            continue
        findings.append(
            Diagnostic(
                "accuracy-missed" if name == "accuracy" else "loss-missed" if name == "loss" else "score-missed",
                f"the test {name} is {found[name]:.4g}, {'less' if least else 'more'} than {bound:.4g}",
                wanted.span("min" if least else "max"),
                help="train longer, change the network, or expect less",
            )
        )
    return findings


def not_finite(values: np.ndarray) -> str:
    """Why nothing can be said of pictures with these scores (n, outputs) or losses (n,), in words; empty if it can."""
    import numpy as np

    bad = int((~np.isfinite(values)).reshape(len(values), -1).any(axis=1).sum())
    if not bad:
        return ""
    what = f"the scores of {bad:,} of {len(values):,} pictures are" if len(values) > 1 else "its scores are"
    return f"{what} NaN or inf: with these weights, intermediate values grow too large"
