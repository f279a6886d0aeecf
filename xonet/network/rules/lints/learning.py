"""Something is said about how the network learns that changes nothing."""

from __future__ import annotations

from collections.abc import Iterator

from xonet.diagnostics import Diagnostic
from xonet.language.fields import Record
from xonet.layers._learned import Learned, Period
from xonet.network.document import Training
from xonet.network.network import Network, every_layer
from xonet.network.rules import Scope
from xonet.network.rules._knob_findings import warning

NEEDS = ("layers",)
OF_LAYERS = ("learning_rate_factor", "weight_decay_factor", "l2", "max_norm")
OF_TRAINING = ("gradient_clip", "accumulate", "ema", "swa")


def find(network: Network, _: Scope) -> Iterator[Diagnostic]:
    """A finding at each such knob."""
    training = network.document.training
    if training is not None:
        yield from _training(training)
    for layer in every_layer(network.document.layers):
        if isinstance(layer, Learned):
            yield from _layer(layer, training)


def _training(training: Training) -> Iterator[Diagnostic]:
    if training.epochs == 0:
        for knob in OF_TRAINING:
            if training.wrote(knob):
                yield _nothing(f"{knob} changes nothing: nothing is trained with epochs: 0", training, knob)
    elif training.swa is not None and training.swa.start > training.epochs:
        late = f"swa begins in epoch {training.swa.start}, but training ends after epoch {training.epochs}"
        yield _nothing(late, training.swa, "from", help=f"use a number up to {training.epochs}, or remove swa")


def _layer(layer: Learned, training: Training | None) -> Iterator[Diagnostic]:
    if layer.trainable is False:
        for knob in OF_LAYERS:
            if layer.wrote(knob):
                yield _nothing(f"{knob} changes nothing: the layer is not trained", layer, knob)
        return
    if training is None or training.epochs == 0:
        return
    period, epochs = layer.trainable, training.epochs
    if isinstance(period, Period) and (period.after or 0) >= epochs:
        late = f"training ends after epoch {epochs}: the layer is never trained"
        yield _nothing(late, period, "after", help=f"use a number below {epochs}, or write trainable: false")
    elif isinstance(period, Period) and (period.until or 0) >= epochs:
        late = f"training ends after epoch {epochs}: the layer is trained in all of them"
        yield _nothing(late, period, "until", help=f"use a number below {epochs}, or remove until")
    if layer.wrote("weight_decay_factor") and training.optimizer.weight_decay == 0:
        none = "weight_decay_factor changes nothing: the optimizer's weight_decay is 0"
        yield _nothing(none, layer, "weight_decay_factor", help="remove it, or give the optimizer a weight_decay")


def _nothing(message: str, record: Record, knob: str, *, help: str = "remove it") -> Diagnostic:
    return warning("no-effect", message, record, knob, help=help)
