"""How raw values become network values must make sense: a range has two ends, lists have one number a channel."""

from __future__ import annotations

from collections.abc import Iterator

from xonet.diagnostics import Diagnostic
from xonet.network.network import Network
from xonet.network.rules import Scope

NEEDS = ("input",)


def find(network: Network, _: Scope) -> Iterator[Diagnostic]:
    """Findings at range, mean and std."""
    given = network.document.input
    low, high = given.range
    if low == high:
        yield Diagnostic(
            "empty-range",
            f"black and white would both become {low:g}",
            given.span("range"),
            help="write two numbers that differ: [0, 1]",
        )
    channels = network.shape.channels
    for knob in ("mean", "std"):
        value = getattr(given, knob)
        if isinstance(value, tuple) and len(value) != channels:
            what = "channel" if network.shape.is_picture else "feature"
            yield Diagnostic(
                "wrong-length",
                f"{knob} has {len(value)} numbers, and the input {channels} {what}{'s' * (channels > 1)}",
                given.span(knob),
                help=f"write {channels}, or one number for all",
            )
