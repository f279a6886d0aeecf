"""What is to be measured on the training data needs such data, and a mean picture must be there."""

from __future__ import annotations

from collections.abc import Iterator

from xonet.diagnostics import Diagnostic
from xonet.network.mean_file import find_mean_faults
from xonet.network.network import Network
from xonet.network.rules import Scope
from xonet.network.statistics import NAMES, TRAIN

NEEDS = ("input",)


def find(network: Network, scope: Scope) -> Iterator[Diagnostic]:
    """Findings at `mean` and `std`; a network without any data is used from Python, where `fit` has the data."""
    document = network.document
    given, data = document.input, document.data
    if network.brings_data and data is not None and data.train is None and document.weights is None:
        for knob in NAMES:
            if getattr(given, knob) == TRAIN:
                yield Diagnostic(
                    "missing-data",
                    f"{knob} is measured on data.train, which is missing",
                    given.span(knob),
                    help=f"write a number: {knob}: 0.5; or add train to data, for example "
                    "train: {xo: {count: 8000, shift: 1}}",
                )
    if scope.sees_data:
        yield from find_mean_faults(network)
