"""The last layer must give one number for each class or value."""

from __future__ import annotations

from collections.abc import Iterator

from xonet.diagnostics import Diagnostic, Note
from xonet.layers import LAYERS
from xonet.network.network import Network
from xonet.network.rules import Scope

NEEDS = ("input", "layers", "output")


def find(network: Network, _: Scope) -> Iterator[Diagnostic]:
    """A finding where the count is another one, at the output's list."""
    output, shape = network.document.output, network.output_shape
    if output is None or network.trace.shape_errors:
        return
    is_row = shape.size == shape.channels
    if is_row and shape.size == output.count:
        return
    knob = "classes" if output.values is None else "values"
    last = network.document.layers[-1]
    word = LAYERS.word(last)
    yield Diagnostic(
        "class-count" if knob == "classes" else "value-count",
        f"the last layer gives {shape}{' scores' if is_row and knob == 'classes' else ' numbers'}, "
        f"but the output names {output.count} {knob}",
        output.span(knob),
        notes=(Note(f"{word} is the last layer", last.place),),
        help=f"make the last layer give {output.count}, for example with dense: {{units: {output.count}}}"
        + (f", or name {shape.size} {knob}" if is_row and shape.size > 1 else ""),
    )
