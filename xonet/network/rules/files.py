"""The files that the data names must exist and be valid: checked as `run` does, and read in full where small."""

from __future__ import annotations

from collections.abc import Iterator

from xonet.data import DataError, Look
from xonet.data._sets import NAMES, finding, load_pictures, load_sets
from xonet.data.images import Images
from xonet.data.share import Share
from xonet.diagnostics import Diagnostic
from xonet.network.network import Network
from xonet.network.rules import Scope
from xonet.network.rules._knob_findings import warning
from xonet.network.rules._pictures import looks

NEEDS = ("input", "data")

FEW = 10_000
"""How many pictures at most small data has in all,"""
BYTES = 1 << 23
"""how many bytes its files have,"""
VALUES = 1 << 25
"""and how many values its pictures have, as files and as the network sees them."""


def find(network: Network, scope: Scope) -> Iterator[Diagnostic]:
    """A finding for each set that cannot be loaded; of small data, whatever `run` says of it."""
    data = network.document.data
    if data is None or "output" in network.document.broken:
        return  # an output with faults of its own does not say what the data must give
    found = dict(looks(network, scope))
    failed = {role: error for role, error in found.items() if isinstance(error, DataError)}
    for role, error in failed.items():
        yield finding(error, getattr(data, role), role)
    if failed or not scope.sees_data:
        return
    there = {role: look for role, look in found.items() if isinstance(look, Look)}
    for role, look in there.items():
        for remark in look.remarks:
            yield warning(remark.code, remark.message, getattr(data, role), remark.knob, help=remark.help)
    if _whole(network, there) and _is_small(network, there):
        yield from _read(network)


def _whole(network: Network, there: dict[str, Look]) -> bool:
    """Whether the look at the sets found all that it asked of them, and reading them may tell more.

    Reading tells what is in files, and which pictures are in two sets.
    """
    data = network.document.data
    sets = {role: source for role in (*NAMES, "pictures") if (source := getattr(data, role)) is not None}
    sources = {role: source for role, source in sets.items() if not isinstance(source, Share)}
    if sources.keys() != there.keys() or (network.document.output is None and not network.wanted.is_own_target):
        return False
    if sum(source.share for source in sets.values() if isinstance(source, Share)) >= 1:
        return False  # the rule `data` says so
    return any(source.paths() or (len(sets) > 1 and source.repeats()) for source in sources.values())


def _is_small(network: Network, there: dict[str, Look]) -> bool:
    """Whether reading it takes little time and memory, however much its files claim."""
    if any(look.is_partial for look in there.values()):
        return False
    count = sum(look.count or 0 for look in there.values())
    if count > FEW or count * network.shape.size > VALUES or sum(look.bytes for look in there.values()) > BYTES:
        return False
    values = 0
    for role in there:
        source = getattr(network.document.data, role)
        if isinstance(source, Images):
            from xonet.data.images.look import values_to_decode

            values += values_to_decode(source, network.wanted)
    return values <= VALUES


def _read(network: Network) -> Iterator[Diagnostic]:
    """What loading the data as `run` does finds and tells."""
    data, training = network.document.data, network.document.training
    assert data is not None, "the caller has looked"
    seed = training.seed if training else 0
    try:
        if data.pictures is not None and (training is None or training.epochs == 0):
            load_pictures(data, network.wanted, seed)
            return
        sets = load_sets(data, network.wanted, seed)
    except DataError as error:
        if error.finding is not None:
            yield error.finding
        return
    for role, remark in sets.remarks:
        yield warning(remark.code, remark.message, getattr(data, role), remark.knob, help=remark.help)
