"""How rules are found, and asked."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import NamedTuple, Protocol, cast

from xonet.diagnostics import Diagnostic
from xonet.network.network import Network

RULES = "xonet.network.rules"


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
    modules = pkgutil.iter_modules(import_module(package).__path__)
    names = sorted(module.name for module in modules if not module.ispkg and not module.name.startswith("_"))
    return [cast(Rule, import_module(f"{package}.{name}")) for name in names]


def find(network: Network, scope: Scope) -> Iterator[Diagnostic]:
    """What every rule finds, as far as the sections it needs are sound."""
    for package in (RULES, f"{RULES}.lints") if scope.lints else (RULES,):
        for rule in _rules(package):
            if all(getattr(network.document, section) is not None for section in rule.NEEDS):
                yield from rule.find(network, scope)
