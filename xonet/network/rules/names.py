"""A layer's name stands for it in parameter names, so it is unique in the file."""

from __future__ import annotations

from collections.abc import Iterator

from xonet.diagnostics import Diagnostic, Note
from xonet.layers import Layer
from xonet.network.network import Network, every_layer
from xonet.network.rules import Scope

NEEDS = ("layers",)


def find(network: Network, _: Scope) -> Iterator[Diagnostic]:
    """A finding each time a name comes again."""
    first: dict[str, Layer] = {}
    for layer in every_layer(network.document.layers):
        if layer.name is None:
            continue
        if layer.name in first:
            yield Diagnostic(
                "duplicate-name",
                f"two layers are named {layer.name}",
                layer.span("name"),
                notes=(Note("the first one is here", first[layer.name].span("name")),),
                help=f"rename one of them: {_free(layer.name, first)}",
            )
        first.setdefault(layer.name, layer)


def _free(name: str, taken: dict[str, Layer]) -> str:
    return next(new for number in range(2, len(taken) + 3) if (new := f"{name}_{number}") not in taken)
