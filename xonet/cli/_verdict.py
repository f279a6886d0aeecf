"""Whether a trained network meets its file's expectations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from xonet.diagnostics import Diagnostic

if TYPE_CHECKING:
    import numpy as np

    from xonet.network import Network


def missed(network: Network, found: Mapping[str, float]) -> list[Diagnostic]:
    """A finding for each score on the test data that is worse than `expect` allows."""
    expect = network.document.expect
    findings = []
    if expect and expect.accuracy and "accuracy" in found and found["accuracy"] < expect.accuracy.min:
        findings.append(
            Diagnostic(
                "accuracy-missed",
                f"the test accuracy is {found['accuracy']:.4g}, less than {expect.accuracy.min:.4g}",
                expect.accuracy.span("min"),
                help="train longer, change the network, or expect less",
            )
        )
    if expect and expect.loss and "loss" in found and not found["loss"] <= expect.loss.max:  # no number misses, too
        findings.append(
            Diagnostic(
                "loss-missed",
                f"the test loss is {found['loss']:.4g}, more than {expect.loss.max:.4g}",
                expect.loss.span("max"),
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
