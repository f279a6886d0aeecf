"""What training and tests need must be present, and sources must be able to provide it."""

from __future__ import annotations

from collections.abc import Iterator

from xonet.data._sets import wanted_for
from xonet.data.share import Share
from xonet.diagnostics import Diagnostic
from xonet.language.shapes import ShapeError
from xonet.network.document import Data
from xonet.network.network import Network
from xonet.network.rules import Scope
from xonet.network.rules._knob_findings import shape_finding

NEEDS = ("input", "data")


def find(network: Network, _: Scope) -> Iterator[Diagnostic]:
    """Sources that cannot be asked, and shares that leave nothing to train on."""
    data = network.document.data
    if data is None or "output" in network.document.broken:
        return  # an output with faults of its own does not say what the data must give
    for role in ("train", "validation", "test", "pictures"):
        source = getattr(data, role)
        if source is None or (isinstance(source, Share) and role in ("validation", "test")):
            continue
        unknown = network.document.output is None and data.targets is None
        if unknown and role != "pictures" and source.drawing_seed() is None:
            continue  # the rule `purpose` asks for an output
        try:
            source.check(wanted_for(data, role, network.wanted))
        except ShapeError as error:
            yield shape_finding(source, error)
    yield from _shares(data)


def _shares(data: Data) -> Iterator[Diagnostic]:
    shares = [source for source in (data.validation, data.test) if isinstance(source, Share)]
    if shares and data.train is None:
        yield Diagnostic(
            "missing-data",
            "there is no training data to take a share of",
            shares[0].span(),
            help="add train: {xo: {count: 8000, shift: 1}} to data, for example",
        )
    total = sum(share.share for share in shares)
    if total >= 1:
        yield Diagnostic(
            "share-too-large",
            f"the shares take {total:g} of the training data, which leaves nothing to train on",
            shares[-1].span("share"),
            help="use a share of 0.1",
        )
