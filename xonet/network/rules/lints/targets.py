"""Targets that the loss binary_cross_entropy can never reach: pictures whose values are not between 0 and 1."""

from __future__ import annotations

from collections.abc import Iterator

from xonet.diagnostics import Diagnostic, Note
from xonet.losses import INPUT, LOSSES
from xonet.network.network import Network
from xonet.network.rules import Scope
from xonet.network.rules._knob_findings import warning

NEEDS = ("input", "layers", "training", "data")


def find(network: Network, _: Scope) -> Iterator[Diagnostic]:
    """A finding at the loss."""
    training, given = network.document.training, network.document.input
    if training is None or network.answers != INPUT or LOSSES.word(training.loss) != "binary_cross_entropy":
        return
    knob = next((knob for knob in ("range", "mean", "std") if given.wrote(knob)), "")
    low, high = given.range
    if not knob or (knob == "range" and 0 <= min(low, high) and max(low, high) <= 1 and not given.wrote("mean")):
        return
    yield warning(
        "target-out-of-range",
        "binary_cross_entropy needs targets between 0 and 1, but the input, which is the target, may lie elsewhere",
        training.loss,
        notes=(Note("it is changed here", given.span(knob)),),
        help=f"remove {knob} from input, or use squared_error",
    )
