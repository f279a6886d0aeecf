"""Class weights are for classes that there are."""

from __future__ import annotations

from collections.abc import Iterator

from xonet.diagnostics import Diagnostic, Note
from xonet.language.shapes import ShapeError
from xonet.language.words import did_you_mean, same_name
from xonet.network.network import Network
from xonet.network.rules import Scope
from xonet.network.rules._knob_findings import shape_finding

NEEDS = ("training",)


def find(network: Network, _: Scope) -> Iterator[Diagnostic]:
    """A finding at the name of each class that is none, or at the weights where there are no classes at all."""
    document, training = network.document, network.document.training
    if training is None or training.class_weights is None or document.broken & {"data", "output"}:
        return
    if not network.classes:
        yield shape_finding(
            training,
            ShapeError(
                "no-classes",
                "class_weights are for classes, but the network is not asked for classes",
                knob="class_weights",
                help="remove class_weights",
            ),
        )
        return
    written = training.node.get("class_weights") if training.node else None
    known = {same_name(name) for name in network.classes}
    for name, place in (written.keys if written else {}).items():
        if same_name(name) not in known:
            yield Diagnostic(
                "unknown-class",
                f"there is no class {name}",
                place,
                notes=(Note("the classes are here", document.output.span("classes")),) if document.output else (),
                help=did_you_mean(name, network.classes),
            )
