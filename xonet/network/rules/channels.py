"""How raw values become network values must make sense: a range has two ends, lists have one number per channel."""

from __future__ import annotations

from collections.abc import Iterator

from xonet.diagnostics import Diagnostic
from xonet.language.limits import REAL, TINY
from xonet.language.words import counted
from xonet.network.interface import Input
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
            help="write two different numbers: [0, 1]",
        )
    channels, broken = network.shape.channels, False
    for knob in ("mean", "std"):
        value = getattr(given, knob)
        if isinstance(value, tuple) and len(value) != channels:
            broken = True
            what = "channel" if network.shape.is_picture else "feature"
            yield Diagnostic(
                "wrong-length",
                f"{knob} has {len(value)} numbers, but the input has {counted(channels, what)}",
                given.span(knob),
                help=f"write {channels}, or one number for all",
            )
    if not broken and low != high:
        yield from _in_float32(given)


def _in_float32(given: Input) -> Iterator[Diagnostic]:
    """A finding where black or white, or the step from one grey value to the next, fits into no float32."""
    means = _numbers(given.mean or 0.0, given.range[0])  # what is measured lies within the range
    stds = _numbers(given.std or 1.0, 1.0)
    for channel in range(max(len(means), len(stds))):
        mean, std = means[min(channel, len(means) - 1)], stds[min(channel, len(stds) - 1)]
        black, white = ((end - mean) / std for end in given.range)
        at_std = given.wrote("std")
        knob = "std" if at_std else "mean" if given.wrote("mean") else "range"
        if max(abs(black), abs(white), abs(white - black)) > REAL:
            yield Diagnostic(
                "out-of-range",
                f"black would become {black:.3g} and white {white:.3g}, but a 32-bit float holds at most {REAL:.3g}",
                given.span(knob),
                help="use a larger std" if at_std else "use smaller numbers",
            )
            return
        if abs(white - black) / 255 < TINY:
            yield Diagnostic(
                "empty-range",
                f"black and white would both become {black:.3g}",
                given.span("std" if at_std else "range"),
                help="use a smaller std" if at_std else "write two different numbers: [0, 1]",
            )
            return


def _numbers(value: object, otherwise: float) -> tuple[float, ...]:
    """A knob's numbers; one in place of what is measured or read."""
    return value if isinstance(value, tuple) else (value if isinstance(value, float) else otherwise,)
