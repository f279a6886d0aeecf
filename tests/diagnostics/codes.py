"""Which codes the program can find: read off its source, so that none is forgotten."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from xonet.network.schema import FAMILIES

PACKAGE = Path(__file__).parents[2] / "xonet"

MAKERS = {"Diagnostic", "ShapeError", "found", "warning", "_fault"}
"""Functions whose first argument is a code."""


def codes_in_source() -> dict[str, str]:
    """Every code with the file that makes it."""
    found: dict[str, str] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for code in _codes(ast.parse(path.read_text(encoding="utf-8"))):
            found.setdefault(code, str(path.relative_to(PACKAGE)))
    return found


def _codes(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in MAKERS and node.args:
            yield from _constants(node.args[0])
        if isinstance(node, ast.Call) and _name(node.func) == "DataError":
            yield from (code for key in node.keywords if key.arg == "code" for code in _constants(key.value))
        if isinstance(node, ast.Call) and _name(node.func) == "Remark" and len(node.args) > 2:
            yield from _constants(node.args[2])


def _constants(code: ast.expr) -> Iterator[str]:
    if isinstance(code, ast.Constant) and isinstance(code.value, str):
        yield code.value
    elif isinstance(code, ast.IfExp):
        yield from _constants(code.body)
        yield from _constants(code.orelse)
    elif isinstance(code, ast.BoolOp):
        for value in code.values:
            yield from _constants(value)
    elif isinstance(code, ast.JoinedStr):
        # the one code with a hole in it: f"unknown-{noun}"
        yield from (f"unknown-{family.noun}" for family in FAMILIES)


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
