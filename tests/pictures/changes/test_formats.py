"""Every pair in tests/diff, in every format, as it was when last looked at.

`XONET_WRITE=1 pytest tests/pictures/changes` writes what is printed now; read the difference before it is committed.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from xonet.network import load
from xonet.network.changes import Changes, compare
from xonet.pictures.changes import format_named, formats

PAIRS = sorted(path.parent for path in (Path(__file__).parents[2] / "diff").glob("*/old.yaml"))


def changes(pair: Path) -> Changes:
    return compare(load(pair / "old.yaml"), load(pair / "new.yaml"), "old.yaml", "new.yaml")


def test_there_are_pairs_and_formats() -> None:
    assert len(PAIRS) >= 7
    assert formats() == ["json", "markdown", "text"]


@pytest.mark.parametrize("name", formats())
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_what_is_printed(pair: Path, name: str) -> None:
    printed = format_named(name).render(changes(pair))
    file = pair / f"changes.{name}"
    if os.environ.get("XONET_WRITE"):
        file.write_text(printed, encoding="utf-8")
    assert printed == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_lines(pair: Path) -> None:
    """Text has no line that a terminal folds without need, and nothing but what prints."""
    for line in format_named("text").render(changes(pair)).splitlines():
        assert line.isprintable() and line == line.rstrip()


def test_json_holds_values_uncut() -> None:
    found = json.loads(format_named("json").render(changes(PAIRS[0].parent / "strange_words")))
    assert found["settings"][0]["old"] == "`a | b` <b>@everyone</b>\nsecond line"
    assert found["layers"][0]["knobs"][0]["new"] == [[0, 0, 0, 0.2], [1, 1, 1, 1]]


def test_color_is_only_the_sign() -> None:
    pair = PAIRS[0].parent / "layers"
    plain, colored = (format_named("text").render(changes(pair), color) for color in (False, True))
    assert "\x1b[32m+\x1b[0m layers.1 batch_norm" in colored
    for code in ("\x1b[32m", "\x1b[31m", "\x1b[33m", "\x1b[36m", "\x1b[0m"):
        colored = colored.replace(code, "")
    assert colored == plain
