r"""Every file in tests/wrong has one fault, found at its place; and doing what the help says makes the file valid.

The last lines of such a file are its record:

    # expect: LINE:COLUMN CODE
    # fix: LINE {{what stands in that line}} -> {{what stands there then}}     (\n is a line break)
    # says: PART OF THE HELP     (where the help cannot name the very words that the fix adds)
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from xonet.diagnostics import InvalidNetwork
from xonet.network import loads

FILES = sorted((Path(__file__).parent / "wrong").glob("*.yaml"))
FIX = re.compile(r"# fix: (\d+) \{\{(.*?)\}\} -> \{\{(.*)\}\}$", re.MULTILINE)


def findings(text: str) -> list:
    try:
        return loads(text).warnings
    except InvalidNetwork as invalid:
        return invalid.diagnostics


def fixed(text: str) -> str:
    """The text with its fixes done."""
    for line, old, new in FIX.findall(text):
        start = 0
        for _ in range(int(line) - 1):
            start = text.index("\n", start) + 1
        old, new = old.replace("\\n", "\n"), new.replace("\\n", "\n")
        at = text.index(old, start)
        assert "\n" not in text[start:at].rstrip("\n"), "the fix is in the line it names"
        text = text[:at] + new + text[at + len(old) :]
    return text


def words(text: str) -> set[str]:
    return set(re.findall(r"[\w.]+", text))


def test_there_are_enough() -> None:
    assert len(FILES) >= 40


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_fault_is_found_at_its_place(path: Path) -> None:
    text = path.read_text()
    expected = re.search(r"^# expect: (\d+):(\d+) ([a-z0-9-]+)$", text, re.MULTILINE)
    assert expected
    errors = [found for found in findings(text) if found.severity == "error"]
    assert [(str(found.span.line), str(found.span.column), found.code) for found in errors] == [expected.groups()]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_its_help_makes_the_file_valid(path: Path) -> None:
    text = path.read_text()
    (error,) = (found for found in findings(text) if found.severity == "error")
    says = re.search(r"^# says: (.*)$", text, re.MULTILINE)
    if says:
        assert says[1] in error.help
    else:
        new_words = set().union(*(words(new) - words(old) for _, old, new in FIX.findall(text.replace("\\n", " "))))
        assert error.help
        assert not new_words or new_words & words(error.help), f"the help does not say it: {error.help}"
    assert not [found.message for found in findings(fixed(text)) if found.severity == "error"]
