"""Tables that kernels read are declared once: no kernel has the number of a field, or the size of a line, in it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from xonet.kernels import tables
from xonet.kernels.tables import Span, Visit, columns, table

PACKAGE = Path(__file__).parents[2] / "xonet"
LINES = [line for line in vars(tables).values() if hasattr(line, "_fields") and line.__module__ == tables.__name__]
OBJECTS = {"alone", "lead", "bring", "alike"}
"""Kernels and helpers that read what Python hands over."""


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.__name__)
def test_columns_are_the_fields(line):
    found = columns(line)
    assert [getattr(found, name.upper()) for name in line._fields] == list(range(found.SIZE))
    assert found.SIZE == len(line._fields)
    name = "".join("_" + letter if letter.isupper() else letter for letter in line.__name__).upper().strip("_")
    assert [*found] == [*getattr(tables, name)]


def test_a_table_has_a_line_each():
    assert table(Visit, [(1, 2, 3), Visit(4, 5, 6)]).tolist() == [[1, 2, 3], [4, 5, 6]]
    assert table(Span, []).shape == (0, len(Span._fields))


def test_a_line_of_another_length_is_refused():
    with pytest.raises(TypeError):
        table(Visit, [(1, 2)])


def anonymous(path: Path) -> list[str]:
    """Reads of an int64 whose place in a line is a plain number, by function."""
    found = []
    for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(function, ast.FunctionDef) and function.name not in OBJECTS:
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and ast.unparse(node.func) in ("load_i64", "store_i64"):
                    table_read, place = node.args[0], node.args[1]
                    literal = any(isinstance(part, ast.Constant) for part in ast.walk(place))
                    if literal and ast.unparse(table_read) != "pointers":
                        found.append(f"{function.name}: {ast.unparse(node)}")
    return found


KERNELS = sorted([*PACKAGE.glob("kernels/*.py"), *PACKAGE.glob("**/native.py")])


@pytest.mark.parametrize("path", KERNELS, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_kernel_knows_a_place_by_its_number(path):
    assert not anonymous(path)
