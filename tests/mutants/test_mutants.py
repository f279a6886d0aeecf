"""The tool itself: what it draws, what it leaves out, and that it tells those that a test notices from the others."""

from __future__ import annotations

import ast
from itertools import pairwise

import pytest

from tests.mutants import tree
from tests.mutants.draw import Mutant, changes_of, draw
from tests.mutants.tree import ROOT, Tree, dependents

TEXT = '''"""What it is: 1 + 1."""
from a import b
LIMIT = 3
def f(x: int, y: bool = True) -> int:
    """Gives 2 - 1."""
    if x < LIMIT and not y:
        raise ValueError("1 + 1" + str(x + 1))
    return max(x, 2) - x
def g(x):
    store(x, 0.5)
    x += 1
'''
EXPECTED = {
    3: {"LIMIT = 4", "LIMIT = 2"},
    4: {"def f(x: int, y: bool = False) -> int:"},
    6: {
        "    if x <= LIMIT and not y:", "    if (x <= LIMIT) and not y:", "    if (x > LIMIT) and not y:",
        "    if (x < LIMIT or not y):", "    if (x < LIMIT):", "    if (not y):", "    if x < LIMIT and y:",
    } - {"    if x <= LIMIT and not y:"},
    8: {
        "    return (max(x, 2) + x)", "    return max(x, 2)", "    return x", "    return min(x, 2) - x",
        "    return x - x", "    return 2 - x", "    return max(x, 3) - x", "    return max(x, 1) - x",
    },
    10: {"    pass", "    return", "    store(x, 5.0)", "    store(x, -0.5)"},
    11: {"    pass", "    x += 2", "    x += 0"},
}  # fmt: skip


def test_changes():
    found: dict[int, set[str]] = {}
    lines = TEXT.splitlines()
    for line, first, end, text in changes_of(TEXT):
        found.setdefault(line, set()).add(lines[line - 1][:first] + text + lines[line - 1][end:])
    assert found == EXPECTED


def test_what_is_drawn():
    mutants = draw(ROOT, 3, 30)
    assert mutants == draw(ROOT, 3, 30) != draw(ROOT, 4, 30)
    assert len({(mutant.path, mutant.line) for mutant in mutants}) == len(mutants) == 30
    assert {mutant.path.split("/")[1] for mutant in mutants} >= {"kernels", "layers", "engine"}
    for mutant in mutants:
        ast.parse(mutant.text)
        before = (ROOT / mutant.path).read_text().splitlines()
        after = mutant.text.splitlines()
        assert [n for n, pair in enumerate(zip(before, after, strict=True), 1) if pair[0] != pair[1]] == [mutant.line]
    assert {mutant.path for mutant in draw(ROOT, 3, 5, "xonet/layers/relu6")} == {"xonet/layers/relu6.py"}


def test_the_same_bytecode_is_no_mutant(tmp_path):
    (tmp_path / "xonet/engine").mkdir(parents=True)
    (tmp_path / "xonet/engine/a.py").write_text("y = -0\n")
    assert "0" in {change.text for change in changes_of("y = -0")}
    (mutant,) = draw(tmp_path, 0, 9)
    assert mutant.after == "-1"


def test_kernels_that_cannot_depend_on_a_file_are_not_compiled_again():
    assert dependents(ROOT, "xonet/layers/relu6/native.py") == {"xonet.layers.relu6.native"}
    of_sums = dependents(ROOT, "xonet/kernels/elementwise.py")
    assert "xonet.layers.residual.native" in of_sums and "xonet.layers.relu6.native" not in of_sums
    every = [dependents(ROOT, f"xonet/kernels/{name}.py") for name in ("lowering", "tiles", "marks", "ir_parts")]
    assert len(every[0]) > 30 and all(one == other for one, other in pairwise(every))


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="the copy is of what git knows")
def test_a_mutant_lives_or_is_killed(tmp_path, monkeypatch):
    monkeypatch.setattr(tree, "STAGES", (("tests/layers/test_relu6.py",),))
    monkeypatch.setenv("XONET_MUTANTS_SECONDS", "3")
    copied = Tree(tmp_path)
    copied.as_it_is()
    path = "xonet/layers/relu6.py"
    text = (ROOT / path).read_text()

    def killed(old, new):
        assert old in text
        return copied.killed_by(Mutant(path, 1, old, new, text.replace(old, new)))

    assert killed("6.0)", "60.0)") == "tests/layers/test_relu6.py::test_both_ends"
    assert killed("import annotations", "import annotations, division") == ""
    assert killed("        return ", "        while True: pass\n        return ") == (
        "no end in tests/layers/test_relu6.py::test_both_ends"
    )
    assert killed("        return ", "        import os; os.kill(os.getpid(), 11)\n        return ").startswith(
        "SIGSEGV in "
    )
    assert killed("_elementwise import", "_nothing import") == "tests/layers/test_relu6.py::test_both_ends"
