"""A bias that the layer behind it cancels: batch_norm, or another that normalizes each channel by itself."""

from __future__ import annotations

from collections.abc import Iterator

from xonet.diagnostics import Diagnostic, Note
from xonet.language.shapes import Shape
from xonet.layers import LAYERS, Layer, Weighted
from xonet.layers._normalization import Normalization
from xonet.layers.batch_norm import BatchNorm
from xonet.network.network import Network
from xonet.network.rules import Scope
from xonet.network.rules._knob_findings import warning
from xonet.network.rules._ways import before, uses

NEEDS = ("input", "layers")


def find(network: Network, _: Scope) -> Iterator[Diagnostic]:
    """A finding at the layer with the bias."""
    if network.trace.shape_errors:
        return
    for operation in network.operations:
        layer, word = operation.layer, LAYERS.word(operation.layer)
        first = before(operation, dropout=False) if cancels(layer, operation.inputs[0].shape) else None
        if first is None or not isinstance(first.layer, Weighted) or first.layer.bias is not True:
            continue
        if uses(network, first.output) == 1:
            yield warning(
                "bias-before-batch-norm",
                f"{word} subtracts each channel's mean, and with it what the bias adds",
                first.layer,
                "bias",
                notes=(Note(f"{word} is here", operation.layer.place),),
                help=f"write bias: false in {LAYERS.word(first.layer)}: {_instead(layer, word)}",
            )


def cancels(layer: Layer, shape: Shape) -> bool:
    """Whether a layer takes each channel's own mean away."""
    if isinstance(layer, Normalization):
        sets = layer.sets(shape)
        return layer.centered and sets.width == sets.spans == 1 and sets.pixels > 1
    return isinstance(layer, BatchNorm)


def _instead(layer: Layer, word: str) -> str:
    if getattr(layer, "shift", True):
        return f"the shift of {word} takes its place"
    return f"it has no effect; shift: true in {word} adds numbers that have one"
