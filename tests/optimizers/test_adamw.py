"""`adamw`: its cases."""

from __future__ import annotations

CASES = [
    ({}, "AdamW", {}),
    ({"weight_decay": 0.3, "beta1": 0.5}, "AdamW", {"weight_decay": 0.3, "betas": (0.5, 0.999)}),
]
