"""The last layer must give one number for each class, label or value, or the input's shape where it is to give that."""

from __future__ import annotations

from collections.abc import Iterator

from xonet.diagnostics import Diagnostic, Note
from xonet.layers import LAYERS
from xonet.losses import INPUT, ONE_SCORE
from xonet.network.interface import Output
from xonet.network.network import Network
from xonet.network.rules import Scope

NEEDS = ("input", "layers")


def find(network: Network, _: Scope) -> Iterator[Diagnostic]:
    """A finding where the count is another one, at the output's list."""
    if network.trace.shape_errors or "data" in network.document.broken:
        return
    if network.answers == INPUT:
        yield from _input(network)
    elif network.document.output is not None:
        yield from _output(network, network.document.output)


def _input(network: Network) -> Iterator[Diagnostic]:
    """Findings where the network cannot give its input back."""
    data, output, shape = network.document.data, network.document.output, network.output_shape
    assert data is not None, "it says that the network is asked for its input"
    if output is not None:
        yield Diagnostic(
            "conflicting-knobs",
            "targets: input asks for the input itself, so there is no other output",
            output.span(),
            notes=(Note("it is asked for here", data.span("targets")),),
            help="remove output, or remove targets: input",
        )
    elif shape != network.shape and not (shape.size == shape.channels and shape.size == network.shape.size):
        last = network.document.layers[-1]
        yield Diagnostic(
            "output-shape",
            f"the network is to give its input of {network.shape} back, but the last layer gives {shape}",
            data.span("targets"),
            notes=(Note(f"{LAYERS.word(last)} is the last layer", last.place),),
            help=f"make the last layer give {network.shape}, or a row with dense: {{units: {network.shape.size}}}",
        )


def _output(network: Network, output: Output) -> Iterator[Diagnostic]:
    """A finding where the last layer gives another number of scores."""
    shape, training = network.output_shape, network.document.training
    is_row = shape.size == shape.channels
    if is_row and shape.size == output.count:
        return
    if is_row and network.answers == ONE_SCORE and (training is None or ONE_SCORE in training.loss.fits):
        return
    knob = "values" if output.values is not None else "labels" if output.labels else "classes"
    last = network.document.layers[-1]
    word = LAYERS.word(last)
    help = f"make the last layer give {output.count}, for example with dense: {{units: {output.count}}}"
    if is_row and network.answers == ONE_SCORE:
        help += "; or write loss: binary_cross_entropy, which takes one score for two classes"
    elif is_row and shape.size > 1:
        help += f", or name {shape.size} {knob}"
    elif shape.channels == output.count:
        help = "add global_avg_pool2d behind it; a network answers for a whole picture, not for each pixel"
    yield Diagnostic(
        "class-count" if knob == "classes" else "label-count" if knob == "labels" else "value-count",
        f"the last layer gives {shape}{' numbers' if knob == 'values' or not is_row else ' scores'}, "
        f"but the output names {output.count} {knob}",
        output.span(knob),
        notes=(Note(f"{word} is the last layer", last.place),),
        help=help,
    )
