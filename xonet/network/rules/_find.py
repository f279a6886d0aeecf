"""What a sound form may still say wrong, one rule a room: a module with `NEEDS` and `find`.

`NEEDS` names the sections that must be there and sound; `find(network, scope)` gives findings. A new module is a new
rule. Rules in this folder find errors, and are asked whenever a file is read; those in `lints/` find what is probably
not meant, and are asked by `validate` alone: training starts no later, and refuses no more, for a warning.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import NamedTuple, Protocol, cast

from xonet.diagnostics import Diagnostic
from xonet.network.network import Network


class Scope(NamedTuple):
    """How much is to be judged."""

    lints: bool = False
    """Whether to warn of what is probably not meant."""
    sees_data: bool = False
    """Whether to look for the files of the data."""


class Rule(Protocol):
    """A module of this folder."""

    NEEDS: tuple[str, ...]

    def find(self, network: Network, scope: Scope) -> Iterator[Diagnostic]:
        """What is wrong."""
        ...


@cache
def _rules(package: str) -> list[Rule]:
    rooms = pkgutil.iter_modules(import_module(package).__path__)
    names = sorted(room.name for room in rooms if not room.ispkg and not room.name.startswith("_"))
    return [cast(Rule, import_module(f"{package}.{name}")) for name in names]


def find(network: Network, scope: Scope) -> Iterator[Diagnostic]:
    """What every rule finds, as far as the sections it needs are sound."""
    for package in (__name__, f"{__name__}.lints") if scope.lints else (__name__,):
        for rule in _rules(package):
            if all(getattr(network.document, section) is not None for section in rule.NEEDS):
                yield from rule.find(network, scope)
