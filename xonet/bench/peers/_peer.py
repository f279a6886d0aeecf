"""What every peer provides, and is checked against."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from xonet.bench.peers._names import PEERS
from xonet.model import Model
from xonet.network import Network

TOLERANCE = 1e-3
"""How far scores may be from ours, as a fraction of the largest."""


class Unable(Exception):
    """A peer that is not installed, or cannot run the network."""


def peer(name: str) -> Any:
    """The peer's module.

    Raises:
        Unable: where a package that it needs is not installed.
    """
    missing = [package for package in PEERS[name] if find_spec(package) is None]
    if missing:
        raise Unable(f"--against {name} needs {' and '.join(missing)}: pip install 'xonet[bench]'")
    return import_module(f"xonet.bench.peers.{name}")


@cache
def left_out(reason: str) -> None:
    """Say once, on stderr, that one way of a peer is not tried."""
    print(f"xonet: {reason}", file=sys.stderr, flush=True)


def must_agree(name: str, scores: np.ndarray, network: Network, x: np.ndarray) -> None:
    """Check that a peer's scores (n, outputs) for x match ours.

    Raises:
        Unable: where they are not: then it runs something else, and its speed says nothing.
    """
    ours = Model(network, seed=0).predict(x)
    if not np.allclose(scores, ours, atol=TOLERANCE * np.abs(ours).max()):
        raise Unable(f"{name} computes something different for this network, so its speed cannot be compared")


def thread_counts(pictures: int, threads: int) -> Sequence[int]:
    """With how many threads scores of so many pictures are worth a try: one picture may be sooner done by one."""
    return sorted({1, threads}) if pictures == 1 else [threads]
