"""What is said about clipping, averages and layers frozen for a while fits together."""

from __future__ import annotations

from collections.abc import Iterator

from xonet.diagnostics import Diagnostic
from xonet.language.words import did_you_mean
from xonet.layers._learned import Learned, Period
from xonet.network.document import Training
from xonet.network.network import Network, every_layer
from xonet.network.rules import Scope

NEEDS = ("input", "layers")


def find(network: Network, _: Scope) -> Iterator[Diagnostic]:
    """Findings of training, and of layers."""
    if network.document.training is not None:
        yield from _training(network.document.training)
    known: dict[int, set[str]] = {}  # by what is written: some layers unfold to others
    for operation in network.operations:
        known.setdefault(id(operation.layer.node), set()).update(parameter.name for parameter in operation.parameters)
    for layer in every_layer(network.document.layers):
        if isinstance(layer, Learned):
            yield from _period(layer)
            yield from _factors(layer, known.get(id(layer.node), set()))


def _training(training: Training) -> Iterator[Diagnostic]:
    clip, node = training.gradient_clip, training.node
    if clip is not None and clip.norm is None and clip.value is None:
        yield Diagnostic(
            "missing-knob",
            "gradient_clip needs norm or value",
            training.span("gradient_clip"),
            help="write gradient_clip: {norm: 1}, for example",
        )
    elif clip is not None and clip.norm is not None and clip.value is not None:
        yield Diagnostic(
            "conflicting-knobs",
            "gradients are clipped by norm or by value, not both",
            clip.span("value"),
            help="remove value, or norm",
        )
    if training.ema is not None and training.swa is not None and node is not None:
        yield Diagnostic(
            "conflicting-knobs",
            "the saved model has the weights of ema or those of swa, not both",
            node.keys["swa"],
            help="remove swa, or ema",
        )


def _period(layer: Learned) -> Iterator[Diagnostic]:
    period = layer.trainable
    if not isinstance(period, Period):
        return
    if period.after is None and period.until is None:
        yield Diagnostic(
            "missing-knob",
            "trainable needs after or until",
            layer.span("trainable"),
            help="write trainable: {after: 3}, for example, or true or false",
        )
    elif period.until is not None and period.until <= (period.after or 0):
        yield Diagnostic(
            "conflicting-knobs",
            f"trained after epoch {period.after} and until epoch {period.until}: there is no such epoch",
            period.span("until"),
            help=f"use an until above {period.after}, or write trainable: false",
        )


def _factors(layer: Learned, names: set[str]) -> Iterator[Diagnostic]:
    """A factor is for a parameter that the layer has."""
    for knob in ("learning_rate_factor", "weight_decay_factor"):
        written = layer.node.get(knob) if layer.node is not None else None
        if written is None or not isinstance(written.value, dict) or not names:
            continue
        for name in written.value:
            if name not in names:
                yield Diagnostic(
                    "unknown-key",
                    f"this layer has no parameter {name}",
                    written.keys[name],
                    help=did_you_mean(name, sorted(names)),
                )
