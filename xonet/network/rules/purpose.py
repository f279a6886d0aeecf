"""A file says what is to be done: train on data, or run forward on pictures."""

from __future__ import annotations

from collections.abc import Iterator

from xonet.diagnostics import Diagnostic
from xonet.losses import INPUT
from xonet.network.document import EarlyStopping
from xonet.network.network import Network
from xonet.network.rules import Scope
from xonet.schedules.plateau import Plateau

NEEDS = ("input", "layers")


def find(network: Network, _: Scope) -> Iterator[Diagnostic]:
    """What is missing for the training, the test, or a forward run.

    A file without `data` is a network to be used from Python, which brings the data: that is only a warning.
    """
    document, node = network.document, network.document.node
    if node is None or document.broken & {"data", "training", "output"}:
        return
    data, training = document.data, document.training
    if not network.brings_data:
        yield Diagnostic(
            "missing-data",
            "without data, this network can only be used from Python",
            node.keys["data" if data else "layers"],
            severity="warning",
            help="add data: {train: {xo: {count: 8000, shift: 1}}} and training, or data: {pictures: {xo: {count: 4}}}",
        )
    elif data and training and data.train is None:
        yield Diagnostic(
            "missing-data",
            "training needs data.train",
            node.keys["training"],
            help="add train: {xo: {count: 8000, shift: 1}} to data, for example",
        )
    elif data and training is None and data.pictures is None and not (data.test and document.weights):
        yield Diagnostic(
            "missing-data",
            "without training, the network is run on data.pictures, which is missing",
            node.keys["data"],
            help="add training, or pictures: {xo: {count: 4}} to data",
        )
    if training is not None or (data and data.test and document.weights):
        yield from _scores(network)


def _scores(network: Network) -> Iterator[Diagnostic]:
    """What training and its measures need beside the training data."""
    document, node = network.document, network.document.node
    training, data, expect = document.training, document.data, document.expect
    assert node is not None, "the caller has looked"
    if document.output is None and network.answers != INPUT:
        yield Diagnostic(
            "missing-key",
            f"{'training' if training else 'data.test'} needs output: what the last layer's numbers mean",
            node.keys["training" if training else "data"],
            help="add output: {classes: [X, O]}, for example; or write targets: input under data, for a network that "
            "is to give its input back",
        )
    for following in (training.early_stopping, training.schedule) if training and data else ():
        monitor = following.monitor if isinstance(following, EarlyStopping | Plateau) else ""
        if following and data and data.validation is None and monitor.startswith("validation"):
            yield Diagnostic(
                "missing-data",
                f"{monitor} needs data.validation",
                following.span("monitor"),
                help=f"add validation: {{share: 0.1}} to data, or monitor: {monitor.removeprefix('validation_')}",
            )
    if expect and data and data.test is None:
        for measure, wanted in expect.scores:
            yield Diagnostic(
                "missing-data",
                f"{measure} is measured on data.test, which is missing",
                expect.node.keys[measure] if expect.node else wanted.span(),
                help="add test: {xo: {count: 2000, seed: 2, shift: 1}} to data, for example",
            )
