r"""Every file in tests/wrong has one fault, found at its place; and doing what the help says makes the file valid.

The last lines of such a file are its record:

    # expect: LINE:COLUMN CODE          (in the source: the file, or the `set` argument)
    # set: KEY=VALUE                    (an argument beside the file)
    # fix: LINE {{what stands in that line}} -> {{what stands there then}}     (\n is a line break, \xff a byte)
    # says: PART OF THE HELP     (where the help cannot name the very words that the fix adds)

What `validate` prints for the file is tests/wrong/rendered/<name>.txt; with XONET_WRITE=1 in the environment this test
writes it instead of comparing.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from xonet.diagnostics import Diagnostic, Source
from xonet.diagnostics.codes import codes, read_page
from xonet.diagnostics.text import render
from xonet.network import check

FOLDER = Path(__file__).parent / "wrong"
FILES = sorted(FOLDER.glob("*.yaml"))
FIX = re.compile(r"# fix: (\d+) \{\{(.*?)\}\} -> \{\{(.*)\}\}$", re.MULTILINE)
EXPECT = re.compile(r"^# expect: (\d+):(\d+) ([a-z0-9-]+)$", re.MULTILINE)


def read(path: Path) -> str:
    """The text, bytes that are no UTF-8 kept."""
    return path.read_bytes().decode("utf-8", "surrogateescape")


def codes_of(path: Path) -> list[str]:
    """The codes that a file is to show."""
    return [match[3] for match in EXPECT.finditer(read(path))]


def findings(path: Path, root: Path = FOLDER) -> list[Diagnostic]:
    """What is found in a file, with the arguments beside it; paths of its data begin in the folder `wrong`."""
    return check(path, re.findall(r"^# set: (.*)$", read(path), re.MULTILINE), root)[1]


def unescaped(record: str) -> str:
    """A text of the record with its line breaks and bytes."""
    escaped = record.replace("\\n", "\n")
    return re.sub(
        r"\\x([0-9a-f]{2})",
        lambda match: bytes.fromhex(match[1]).decode("utf-8", "surrogateescape"),
        escaped,
    )


def fixed(text: str) -> str:
    """The text with its fixes done; for what is wrong with an argument, that is to leave the argument away."""
    text = re.sub("^# set: .*\n", "", text, flags=re.MULTILINE)
    for line, old, new in FIX.findall(text):
        start = 0
        for _ in range(int(line) - 1):
            start = text.index("\n", start) + 1
        old, new = unescaped(old), unescaped(new)
        at = text.index(old, start)
        assert "\n" not in text[start:at].rstrip("\n"), "the fix is in the line it names"
        text = text[:at] + new + text[at + len(old) :]
    return text


def words(text: str) -> set[str]:
    return set(re.findall(r"[\w.]+", text))


def test_there_are_enough() -> None:
    assert len(FILES) >= 120


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_fault_is_found_at_its_place(path: Path) -> None:
    expected = EXPECT.findall(read(path))
    assert expected
    found = findings(path)
    assert [(str(it.span.line), str(it.span.column), it.code) for it in found] == expected
    for finding in found:
        assert finding.code in codes()
        assert finding.severity == read_page(finding.code).severity or finding.code == "missing-data"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_its_help_makes_the_file_valid(path: Path, tmp_path: Path) -> None:
    text = read(path)
    finding, *_ = findings(path)
    says = re.search(r"^# says: (.*)$", text, re.MULTILINE)
    if says:
        assert says[1] in finding.help
    else:
        new_words = set().union(*(words(new) - words(old) for _, old, new in FIX.findall(text.replace("\\n", " "))))
        assert finding.help
        assert not new_words or new_words & words(finding.help), f"the help does not say it: {finding.help}"
    right = tmp_path / path.name
    right.write_bytes(fixed(text).encode("utf-8", "surrogateescape"))
    assert not [(found.code, found.message) for found in findings(right)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_a_person_sees(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    shown = render(findings(Path(path.name), Path()))
    snapshot = FOLDER / "rendered" / f"{path.stem}.txt"
    if os.environ.get("XONET_WRITE"):
        snapshot.parent.mkdir(exist_ok=True)
        snapshot.write_text(shown, encoding="utf-8")
    assert snapshot.is_file() and shown == snapshot.read_text(encoding="utf-8"), (
        "if this is as it should be: XONET_WRITE=1 python -m pytest tests/test_wrong.py"
    )


def test_no_rendering_is_left_over() -> None:
    names = {path.stem for path in FILES}
    assert [path.name for path in (FOLDER / "rendered").glob("*.txt") if path.stem not in names] == []


def test_places_are_those_of_an_editor() -> None:
    """A column counts characters, whatever their width."""
    assert Source("f", "é: 😀x").span(4, 5)[1:3] == (1, 5)
