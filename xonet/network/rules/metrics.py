"""A metric measures what the network is asked for, and can come to more than one number."""

from __future__ import annotations

from collections.abc import Iterator

from xonet.diagnostics import Diagnostic, Span
from xonet.losses import CLASSES, INPUT, LOSSES, ONE_SCORE, TOLD
from xonet.metrics import METRICS, Metric
from xonet.metrics._names import VALIDATION
from xonet.network.network import Network
from xonet.network.rules import Scope

NEEDS = ("input", "layers")


def find(network: Network, _: Scope) -> Iterator[Diagnostic]:
    """A finding at each name of a metric that does not fit."""
    document = network.document
    if document.broken & {"data", "output"} or (document.output is None and network.answers != INPUT):
        return
    for written, place in _named(network):
        name = written.removeprefix(VALIDATION)
        if name != "loss" and (message := _misfit(network, METRICS.named(name), name)):
            help = _instead(network, VALIDATION if name != written else "")
            yield Diagnostic("metric-mismatch", message, place, help=help)


def _named(network: Network) -> Iterator[tuple[str, Span]]:
    """Every metric's name in the file, and its place."""
    training, expect = network.document.training, network.document.expect
    if training is not None:
        written = training.node.get("metrics") if training.node else None
        for name, node in zip(training.metrics, written.value if written else (), strict=False):
            yield name, node.span
        for each in (training.early_stopping, training.schedule):
            if hasattr(each, "monitor") and each is not None:
                yield each.monitor, each.span("monitor")
    if expect is not None and expect.node is not None:
        for name, _ in expect.scores:
            yield name, expect.node.keys[name]


def _misfit(network: Network, metric: Metric, name: str) -> str:
    """Why a metric tells nothing here, in words; empty where it does."""
    answers = network.answers
    if answers not in metric.fits:
        fits = [TOLD[each] for each in metric.fits if each not in (ONE_SCORE, INPUT)]
        return f"{name} is a metric for {' and '.join(fits)}, but the network is asked for {TOLD[answers]}"
    if metric.needs_probabilities and not network.loss.has_probabilities:
        return f"{name} needs probabilities, but {LOSSES.word(network.loss)} makes none of scores"
    classes = len(network.classes) if answers == CLASSES else 0
    if classes and getattr(metric, "k", 0) >= classes:
        return f"{name} is always 1: there are only {classes} classes"
    return ""


def _instead(network: Network, prefix: str) -> str:
    """What can be measured."""
    fits = [
        f"{prefix}{name}"
        for name in METRICS.names
        if network.answers in METRICS.members[name].fits and not _misfit(network, METRICS.named(name), name)
    ]
    return f"write {', '.join(fits[:-1])} or {fits[-1]}, or remove it"
