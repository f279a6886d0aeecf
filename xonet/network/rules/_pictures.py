"""What is known about a network's data without reading a picture."""

from __future__ import annotations

from collections.abc import Iterator

from xonet.data import DataSource
from xonet.data.share import Share
from xonet.network.network import Network
from xonet.network.rules import Scope


def sources(network: Network) -> Iterator[DataSource]:
    """Every source of the file's data that can be asked for pictures of the network's input."""
    data = network.document.data
    for role in ("train", "validation", "test", "pictures"):
        source = getattr(data, role, None)
        if source is not None and not isinstance(source, Share):
            yield source


def trained_on(network: Network, scope: Scope) -> int | None:
    """How many pictures an epoch sees: those of `data.train` without its shares; None where that is not known."""
    data = network.document.data
    if data is None or data.train is None or isinstance(data.train, Share):
        return None
    if data.train.paths() and not scope.sees_data:
        return None
    count = data.train.size(network.root)
    if count is None:
        return None
    shares = [source.share for source in (data.validation, data.test) if isinstance(source, Share)]
    return max(0, count - sum(round(count * share) for share in shares))
