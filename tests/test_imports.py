"""Imports point one way, from a later stage of the data's way to an earlier one; and only kernels know a compiler."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "xonet"

ORDER = (
    "folders files lazily turns machine diagnostics language initializers randomness kernels layers losses optimizers "
    "schedules data network engine training pictures bench cli"
).split()
"""A folder imports from itself and from those before it."""

DOORS = {
    ("network/network.py", "engine"): "network.build()",
    ("engine/model.py", "training"): "model.fit(), model.save(), Model.load()",
}
"""What the Python interface opens towards later stages: inside a function, when it is called."""

COMPILERS = {"numba", "llvmlite"}

MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.glob("*/**/*.py"))


def imports(path: Path) -> Iterator[tuple[list[str], bool]]:
    """The parts of the name of every module that a file imports, and whether that is inside a function.

    What is imported for types only does not count.
    """

    def walk(node: ast.AST, inside: bool) -> Iterator[tuple[list[str], bool]]:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            return
        if isinstance(node, ast.Import):
            yield from ((alias.name.split("."), inside) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = (node.module or "").split(".")
            yield from (([*module, alias.name], inside) for alias in node.names)
        for child in ast.iter_child_nodes(node):
            yield from walk(child, inside or isinstance(node, ast.FunctionDef))

    yield from walk(ast.parse(path.read_text(encoding="utf-8")), False)


@pytest.mark.parametrize("module", MODULES)
def test_a_stage_imports_from_earlier_ones_only(module):
    stage = module.split("/")[0]
    for name, inside in imports(PACKAGE / module):
        if name[0] != "xonet" or name[1] == "__version__" or (inside and (module, name[1]) in DOORS):
            continue
        assert name[1] in ORDER, f"{name[1]} has no place in the order of stages"
        assert ORDER.index(name[1]) <= ORDER.index(stage), f"{stage} comes before {name[1]}"


@pytest.mark.parametrize("module", [module for module in MODULES if not module.startswith("kernels/")])
def test_only_kernels_know_a_compiler(module):
    assert not [name for name, _ in imports(PACKAGE / module) if name[0] in COMPILERS]


def test_every_stage_has_its_place():
    stages = {path.name for path in PACKAGE.iterdir() if path.is_dir() and any(path.glob("*.py"))}
    assert stages <= set(ORDER)
