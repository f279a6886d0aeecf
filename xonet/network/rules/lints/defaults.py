"""A knob under `defaults` that no layer takes from there."""

from __future__ import annotations

from collections.abc import Iterator

from xonet.diagnostics import Diagnostic
from xonet.layers import LAYERS
from xonet.network.network import Network, every_layer
from xonet.network.rules import Scope

NEEDS = ("defaults", "layers")


def find(network: Network, _: Scope) -> Iterator[Diagnostic]:
    """A finding at each such knob."""
    root = network.document.node
    written = root.get("defaults") if root else None
    if written is None:
        return
    layers = list(every_layer(network.document.layers))
    words = {LAYERS.word(layer) for layer in layers}
    taken = {value.origin for layer in layers if layer.node for value in layer.node.value.values()}
    for word, knobs in written.value.items():
        for knob, value in knobs.value.items():
            if value.span not in taken:
                why = f"every {word} says {knob} itself" if word in words else f"there is no {word} in this file"
                yield Diagnostic(
                    "unused-default",
                    f"no layer takes {knob} from here: {why}",
                    knobs.keys[knob],
                    "warning",
                    help=f"remove {knob}, or the knob in the layers that should have this value",
                )
        if not knobs.value:
            yield Diagnostic(
                "unused-default",
                f"nothing is said about {word} here",
                written.keys[word],
                "warning",
                help=f"write a knob of {word}, or remove it",
            )
