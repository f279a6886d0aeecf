"""Finds the members of a family and the tests beside them, so that a new member needs no edit in any test but its own.

`tests/<family>/test_<word>.py` belongs to the member `xonet/<family>/<word>` and declares `CASES`.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest

from xonet.language.families import Family


def own_tests(family: Family[Any], word: str) -> Any:
    """The test file of one member."""
    return import_module(_name(family, word))


def has_tests(family: Family[Any], word: str) -> bool:
    """Whether a member has one."""
    return find_spec(_name(family, word)) is not None


def cases(family: Family[Any]) -> list[Any]:
    """Every case of every member, (word, *case), named for pytest; one without tests is a finding of another test."""
    return [
        pytest.param(word, *case, id=f"{word}-{tuple(part for part in case if not callable(part))}".replace(" ", ""))
        for word in family.members
        if has_tests(family, word)
        for case in own_tests(family, word).CASES
    ]


def _name(family: Family[Any], word: str) -> str:
    return f"tests.{family.package.removeprefix('xonet.')}.test_{word}"
