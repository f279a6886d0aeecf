"""Imports point one way, from a later stage of the data's way to an earlier one; and only kernels know a compiler.

What is imported for types only, or when it is needed (inside a function, or by name), counts as any other import.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "xonet"

ORDER = (
    "version folders attributes files lazily turns machine diagnostics language initializers randomness kernels "
    "program interpreter layers losses metrics optimizers schedules data arrays network engine training model pictures "
    "bench cli __main__"
).split()
"""A stage imports from itself and from those before it; from the package as a whole, nobody does."""

COMPILERS = {"numba", "llvmlite"}
BY_NAME = {"imported", "import_module"}
"""Functions that import the module whose name they are given."""


def dotted(path: Path) -> str:
    """A module's name."""
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


MODULES = {dotted(path): path for path in sorted(PACKAGE.rglob("*.py"))}
LATER = [name for name in MODULES if name != "xonet"]


def stage(name: str) -> str:
    """The stage that a module of the package lies in."""
    return name.split(".")[1]


def imports(path: Path) -> Iterator[str]:
    """The name of every module that a file imports, at any place, for whatever reason."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module and not node.level, "imports are written in full"
            for alias in node.names:
                within = f"{node.module}.{alias.name}"
                yield within if within in MODULES else node.module
        elif isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in BY_NAME:
            name = node.args[0]
            if isinstance(name, ast.Constant):
                yield str(name.value)


def own_imports(name: str) -> set[str]:
    """The modules of the package that a module imports."""
    return {other for other in imports(MODULES[name]) if other.split(".")[0] == "xonet"}


@pytest.mark.parametrize("name", LATER)
def test_a_stage_imports_from_earlier_ones_only(name):
    for other in own_imports(name):
        assert other != "xonet", "what the package hands on is imported from where it is"
        assert stage(other) in ORDER, f"{stage(other)} has no place in the order of stages"
        assert ORDER.index(stage(other)) <= ORDER.index(stage(name)), f"{stage(name)} comes before {stage(other)}"


def circles(graph: dict[str, set[str]]) -> list[str]:
    """What is left of a graph when all that imports nothing left, or is imported by nothing left, is taken away."""
    left = {name: set(others) for name, others in graph.items()}
    while True:
        imported = set().union(*left.values()) if left else set()
        gone = {name for name, others in left.items() if name not in imported or not others & left.keys()}
        if not gone:
            return sorted(left)
        left = {name: others - gone for name, others in left.items() if name not in gone}


def test_no_modules_import_each_other():
    assert not circles({name: own_imports(name) for name in MODULES})


def test_circles_are_seen():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": set()}) == ["b", "c"]


@pytest.mark.parametrize("name", [name for name in LATER if stage(name) != "kernels"])
def test_only_kernels_know_a_compiler(name):
    assert not [other for other in imports(MODULES[name]) if other.split(".")[0] in COMPILERS]


def test_every_stage_has_its_place():
    assert {stage(name) for name in LATER} == set(ORDER)
