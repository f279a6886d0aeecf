"""What is known about a network's data without reading a picture."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from xonet.data import DataError, Look, _split
from xonet.data._sets import NAMES, look_sets
from xonet.data.share import Share
from xonet.network.network import Network
from xonet.network.rules import Scope

_LOOKS: WeakKeyDictionary[Network, dict[bool, list[tuple[str, Look | DataError]]]] = WeakKeyDictionary()
"""What was seen already: several rules ask, and a folder may be large."""


def looks(network: Network, scope: Scope) -> list[tuple[str, Look | DataError]]:
    """What a look at each set says; of files only where the scope includes them."""
    data, training = network.document.data, network.document.training
    if data is None or network.document.input is None:
        return []
    seen = _LOOKS.setdefault(network, {})
    if scope.sees_data not in seen:
        seed = training.seed if training else 0
        seen[scope.sees_data] = [*look_sets(data, network.wanted, seed, scope.sees_data)]
    return seen[scope.sees_data]


def trained_on(network: Network, scope: Scope) -> int | None:
    """How many pictures an epoch sees: those of `data.train` without its shares; None where that is not known."""
    data = network.document.data
    if data is None:
        return None
    train = dict(looks(network, scope)).get("train")
    if not isinstance(train, Look):
        return None
    shares = {role: source.share for role in NAMES if isinstance(source := getattr(data, role), Share)}
    training = network.document.training
    return _split.trained_on(train, shares, training.seed if training else 0)
