"""What a sound form may still say wrong, one rule a room: a module with `NEEDS` and `find`.

`NEEDS` names the sections that must be there and sound; `find(network)` gives findings. A new module is a new rule.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Protocol, cast

from xonet.diagnostics import Diagnostic
from xonet.network.network import Network


class Rule(Protocol):
    """A module of this folder."""

    NEEDS: tuple[str, ...]

    def find(self, network: Network) -> Iterator[Diagnostic]:
        """What is wrong."""
        ...


@cache
def _rules() -> list[Rule]:
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))
    return [cast(Rule, import_module(f"{__name__}.{name}")) for name in names]


def find(network: Network) -> Iterator[Diagnostic]:
    """What every rule finds, as far as the sections it needs are sound."""
    for rule in _rules():
        if all(getattr(network.document, section) is not None for section in rule.NEEDS):
            yield from rule.find(network)
