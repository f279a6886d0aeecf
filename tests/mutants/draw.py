"""Draws mutants: files with one small change of one line each, the same for the same seed and code."""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import NamedTuple

GROUPS = {
    "kernels": (
        "xonet/kernels/*.py",
        "xonet/layers/[!_]*.py",
        "xonet/*/*/native.py",
        "xonet/data/*/*/native.py",
        "xonet/engine/native.py",
    ),
    "lowerings": ("xonet/layers/_*.py", "xonet/optimizers/_*_rows.py", "xonet/program/*.py"),
    "engine": ("xonet/engine/*.py",),
}
"""What is mutated, as many times in each group; the `lower` of a layer stands beside its kernels, in `native.py`."""
APART = ("xonet/kernels/kept.py", "xonet/kernels/loading.py", "xonet/kernels/words.py", "xonet/kernels/tile_words.py")
"""The cache on disk, which removes files, and declarations without a body."""

OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv, ast.LShift: ast.RShift, ast.RShift: ast.LShift, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt), ast.LtE: (ast.Lt, ast.GtE), ast.Gt: (ast.GtE, ast.Lt), ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
}  # fmt: skip
OTHER = {"max": "min", "min": "max"}
CHOICES = {"max", "min", "larger", "maximum", "minimum"}
"""Functions of which one argument may take the place of the whole."""


class Change(NamedTuple):
    """New text for a stretch of a line; columns count bytes."""

    line: int
    first: int
    end: int
    text: str


@dataclass(frozen=True)
class Mutant:
    """A file with one change."""

    path: str
    line: int
    before: str
    after: str
    text: str
    """The whole file."""


def draw(root: Path, seed: int, count: int, only: str = "") -> list[Mutant]:
    """`count` mutants on as many lines, or fewer where there are no more; of files whose path begins with `only`."""
    chance = random.Random(seed)
    queues = []
    for files in _groups(root, only):
        lines = [(path, line) for path in files for line in _by_line(root / path)]
        chance.shuffle(lines)
        queues.append(iter(lines))
    found: list[Mutant] = []
    while queues and len(found) < count:
        queue = queues.pop(0)
        for path, line in queue:
            changes = _by_line(root / path)[line]
            chance.shuffle(changes)
            mutant = next(filter(None, (_mutant(root, path, change) for change in changes)), None)
            if mutant:
                found.append(mutant)
                queues.append(queue)
                break
    return found


def changes_of(text: str) -> list[Change]:
    """Every change that is tried in a file."""
    return [change for node in ast.parse(text).body for change in _below(node, returns=False)]


def _groups(root: Path, only: str) -> list[list[str]]:
    taken: set[str] = set(APART)
    groups = []
    for patterns in GROUPS.values():
        files = sorted({path.relative_to(root).as_posix() for pattern in patterns for path in root.glob(pattern)})
        groups.append([path for path in files if path not in taken and path.startswith(only)])
        taken.update(files)
    return [group for group in groups if group]


def _by_line(path: Path) -> dict[int, list[Change]]:
    lines: dict[int, list[Change]] = {}
    for change in changes_of(path.read_text()):
        lines.setdefault(change.line, []).append(change)
    return dict(sorted(lines.items()))


def _mutant(root: Path, path: str, change: Change) -> Mutant | None:
    """The file with a change; None where it does not parse, or compiles to what was there before."""
    text = (root / path).read_text()
    lines = text.encode().splitlines(keepends=True)
    line = lines[change.line - 1]
    lines[change.line - 1] = line[: change.first] + change.text.encode() + line[change.end :]
    changed = b"".join(lines).decode()
    try:
        same = _bare(compile(changed, path, "exec")) == _bare(compile(text, path, "exec"))
    except SyntaxError:
        return None
    before = line[change.first : change.end].decode()
    return None if same else Mutant(path, change.line, before, change.text, changed)


def _bare(code: CodeType) -> tuple[object, ...]:
    """What compiled code does, without its places in the file."""
    consts = [_bare(part) if isinstance(part, CodeType) else (type(part), repr(part)) for part in code.co_consts]
    return code.co_code, tuple(consts), code.co_names, code.co_varnames, code.co_freevars, code.co_argcount


def _below(node: ast.AST, returns: bool) -> Iterator[Change]:
    """Changes at a node and below it; `returns`: whether the function around it gives a value."""
    skipped = (ast.Raise, ast.Assert, ast.Import, ast.ImportFrom, ast.JoinedStr)
    if isinstance(node, skipped) or (isinstance(node, ast.ClassDef) and "Protocol" in map(_name, node.bases)):
        return
    if isinstance(node, (ast.FunctionDef, ast.Lambda)):
        within = ast.walk(node)
        returns = any(isinstance(part, (ast.Return, ast.Yield)) and part.value is not None for part in within)
    if getattr(node, "lineno", 0) == getattr(node, "end_lineno", None):
        for text in _instead(node, returns):
            yield Change(node.lineno, node.col_offset, node.end_col_offset, text)  # type: ignore[attr-defined]
    for name, value in ast.iter_fields(node):
        if name not in ("annotation", "returns", "decorator_list", "bases"):
            for part in value if isinstance(value, list) else [value]:
                if isinstance(part, ast.AST):
                    yield from _below(part, returns)


def _instead(node: ast.AST, returns: bool) -> Iterator[str]:
    """What may stand in place of a node."""
    if isinstance(node, ast.stmt):
        yield from _statements(node, returns)
    elif isinstance(node, ast.expr):
        for other in _expressions(node):
            plain = isinstance(other, (ast.Name, ast.Constant, ast.Call, ast.Attribute, ast.Subscript))
            yield ast.unparse(other) if plain else f"({ast.unparse(other)})"


def _statements(node: ast.stmt, returns: bool) -> Iterator[str]:
    """Nothing, or an early end."""
    called = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    if called or isinstance(node, ast.AugAssign):
        yield "pass"
    if called and not returns and node.col_offset:
        yield "return"


def _expressions(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp):
        if type(node.op) in OPERATORS:
            yield ast.BinOp(node.left, OPERATORS[type(node.op)](), node.right)
        yield node.left
        yield node.right
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        for op in COMPARISONS[type(node.ops[0])]:
            yield ast.Compare(node.left, [op()], node.comparators)
    elif isinstance(node, ast.BoolOp):
        yield from node.values
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    elif isinstance(node, ast.UnaryOp):
        yield node.operand
    elif isinstance(node, ast.Constant):
        yield from (ast.Constant(value) for value in _numbers(node.value))
    elif isinstance(node, ast.IfExp):
        yield from (node.body, node.orelse)
    elif isinstance(node, ast.Call):
        yield from _calls(node)


def _numbers(value: object) -> list[object]:
    """Other constants than one."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1]
    return [10 * value or 1.0, -value] if isinstance(value, float) else []


def _calls(node: ast.Call) -> Iterator[ast.expr]:
    name = _name(node.func)
    if name in OTHER:
        yield ast.Call(ast.Name(OTHER[name]), node.args, node.keywords)
    if name in CHOICES and len(node.args) == 2:
        yield from node.args
    if name == "select":
        yield from node.args[1:]
    if name == "fma":
        yield node.args[2]
    if name == "range":
        less = ast.BinOp(node.args[-1], ast.Sub(), ast.Constant(1))
        yield ast.Call(node.func, [*node.args[:-1], less], [])
    for keyword in node.keywords:
        yield ast.Call(node.func, node.args, [other for other in node.keywords if other is not keyword])


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""
