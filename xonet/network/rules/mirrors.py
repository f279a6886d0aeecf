"""Mirror images are of pictures, and of what does not change with them."""

from __future__ import annotations

from collections.abc import Iterator

from xonet.diagnostics import Diagnostic
from xonet.losses import INPUT
from xonet.network.network import Network
from xonet.network.rules import Scope

NEEDS = ("input",)


def find(network: Network, _: Scope) -> Iterator[Diagnostic]:
    """A finding at each `mirror: true` that cannot be."""
    why = hindrance(network)
    for verb in ("test", "evaluate", "predict"):
        section = getattr(network.document, verb)
        if why and section is not None and section.mirror:
            yield Diagnostic("conflicting-knobs", f"mirror: true: {why}", section.span("mirror"), help="remove it")


def hindrance(network: Network) -> str:
    """Why scores cannot be averaged over mirror images; nothing where they can be."""
    if not network.shape.is_picture:
        return "the input is a row of numbers, which has no mirror image"
    data = network.document.data
    if data is not None and data.targets == INPUT:
        return "what the network gives back is mirrored itself, so its mean would be of two pictures"
    return ""
