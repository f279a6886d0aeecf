"""A file of 1 MiB of each kind is answered within the limits, and the checker's work grows no faster than the file."""

from __future__ import annotations

import cProfile
import io
from contextlib import nullcontext, redirect_stdout
from pathlib import Path

import pytest

from tests.hostile.large import LARGE, VALID
from tests.hostile.limited import MEMORY, SECONDS, validate
from xonet.cli import main
from xonet.diagnostics._formats import formats
from xonet.language.limits import LONGEST

MANY = (
    "findings at the end of a line", "findings behind wide characters", "findings within a long key",
    "fixes at the end of a line", "knobs",
)  # fmt: skip
"""Kinds with as many findings as there may be, in places that are hard to count."""


NEVER_SMALL = ("very long unknown aliases", "documents", "findings within a long key")
"""Kinds of which a small file holds too few to count."""


def answered(name: str, folder: Path, format: str) -> None:
    (folder / "net.yaml").write_text(LARGE[name](LONGEST), encoding="utf-8")
    assert (folder / "net.yaml").stat().st_size > 0.9 * LONGEST
    outcome = validate("net.yaml", "--output-format", format, cwd=folder)
    assert "Traceback" not in outcome.err and "too-long" not in outcome.out
    assert outcome.seconds < SECONDS
    assert outcome.peak < MEMORY
    assert len(outcome.out) < 2 * LONGEST


@pytest.mark.slow
@pytest.mark.parametrize("name", LARGE)
def test_a_file_of_a_mebibyte(name: str, tmp_path: Path) -> None:
    answered(name, tmp_path, "text")


@pytest.mark.slow
@pytest.mark.parametrize("format", formats())
@pytest.mark.parametrize("name", MANY)
def test_each_format(name: str, format: str, tmp_path: Path) -> None:
    answered(name, tmp_path, format)


@pytest.mark.slow
def test_many_large_files(tmp_path: Path) -> None:
    text = LARGE["findings at the end of a line"](LONGEST)
    for number in range(40):
        (tmp_path / f"{number}.yaml").write_text(text, encoding="utf-8")
    peaks = [validate(path, "--output-format", "json", cwd=tmp_path).peak for path in ("0.yaml", ".")]
    assert peaks[1] < peaks[0] + 20 * LONGEST  # nothing of one is kept while the next is checked


def validated(text: str, path: Path, format: str, profile: cProfile.Profile | None = None) -> None:
    path.write_text(text, encoding="utf-8")
    with redirect_stdout(io.StringIO()), profile or nullcontext():
        main(["validate", str(path), "--output-format", format])


def calls(text: str, path: Path, format: str) -> int:
    """How many functions are called, and generators resumed, to validate it."""
    profile = cProfile.Profile(subcalls=False)
    validated(text, path, format, profile)
    return sum(entry.callcount for entry in profile.getstats())


@pytest.mark.slow
@pytest.mark.parametrize(("name", "format"), [*((name, "text") for name in LARGE), *((name, "sarif") for name in MANY)])
def test_work_grows_no_faster_than_the_file(name: str, format: str, tmp_path: Path) -> None:
    path = tmp_path / "net.yaml"
    for text in (LARGE[name](4000), VALID):
        validated(text, path, format)  # imports, and what is read once
    least = calls(VALID, path, format)
    size, most = (2**15, 4.4) if name in NEVER_SMALL else (2**14, 4.2)
    small, large = (max(0, calls(LARGE[name](times * size), path, format) - least) for times in (1, 4))
    assert large < most * small + 5000
