"""How long modules are, how many parameters functions take, and that a package's `__init__` is a face."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from xonet.data import SOURCES
from xonet.data.augment import AUGMENTATIONS
from xonet.initializers import INITIALIZERS
from xonet.layers import LAYERS
from xonet.losses import LOSSES
from xonet.metrics import METRICS
from xonet.optimizers import OPTIMIZERS
from xonet.schedules import SCHEDULES

PACKAGE = Path(__file__).parents[1] / "xonet"
LINES, PARAMETERS = 300, 8
TILE_WORDS = ("kernels/tile_words.py", "interpreter/tiles.py")

FAMILIES = (SOURCES, AUGMENTATIONS, INITIALIZERS, LAYERS, LOSSES, METRICS, OPTIMIZERS, SCHEDULES)
DECLARATIONS = {member.__module__ for family in FAMILIES for member in family.members.values()}
LATE = {"__getattr__", "__dir__"}
"""How a face hands on names that are imported when they are asked for (PEP 562)."""


def name(path: Path) -> str:
    """A file's place in the package."""
    return path.relative_to(PACKAGE).as_posix()


def files(*without: str, only: str = "*") -> list[Any]:
    """Files as a test's parameters."""
    return [
        pytest.param(path, id=name(path))
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.match(only) and name(path) not in without
    ]


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    """Every function and method of a file, but for kernels: those are called by a program's rows."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and "kernel" not in map(ast.unparse, node.decorator_list):
            yield node


def parameters(function: ast.FunctionDef) -> int:
    """How many a caller may give."""
    taken = function.args
    every = [argument.arg for argument in (*taken.posonlyargs, *taken.args, *taken.kwonlyargs)]
    return len(every) - (every[:1] in (["self"], ["cls"]))


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=name)
def test_no_module_is_long(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LINES


@pytest.mark.parametrize("path", files(*TILE_WORDS))
def test_no_function_takes_many_parameters(path):
    assert not [function.name for function in functions(path) if parameters(function) > PARAMETERS]


def is_name_only(node: ast.stmt) -> bool:
    """Whether a statement says something about names, and computes nothing."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return True
    if isinstance(node, ast.If):
        return ast.unparse(node.test) == "TYPE_CHECKING" and all(map(is_name_only, node.body))
    if isinstance(node, ast.FunctionDef):
        return node.name in LATE
    value = getattr(node, "value", None)
    return isinstance(node, ast.Expr | ast.Assign) and isinstance(value, ast.Constant | ast.List | ast.Dict)


@pytest.mark.parametrize("path", files(only="__init__.py"))
def test_a_package_hands_on_names_or_is_a_members_declaration(path):
    package = ".".join(path.parent.relative_to(PACKAGE.parent).parts)
    body = ast.parse(path.read_text(encoding="utf-8")).body
    if package in DECLARATIONS:
        assert [type(node) for node in body].count(ast.ClassDef) == 1
        assert not [node for node in body if isinstance(node, ast.FunctionDef)]
    else:
        assert all(map(is_name_only, body))
