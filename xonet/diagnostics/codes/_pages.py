"""The pages of the codes, read."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent

_EXAMPLE = re.compile(r"^## (Wrong|Right)\n+```yaml ?(.*)\n((?:.*\n)*?)```$", re.MULTILINE)


class Example(NamedTuple):
    """A network file, or sections of one."""

    text: str
    options: str
    """What follows `yaml` in the fence."""


class Page(NamedTuple):
    """What is said about one code."""

    code: str
    title: str
    severity: str
    found: str
    """How it is found, where not by `validate` alone: the rest of the line behind the severity."""
    meaning: str
    text: str
    """The whole page."""

    @property
    def needs_data(self) -> bool:
        """Whether it may be found only by looking at the files of the data."""
        return "at the data" in self.found

    def example(self, which: str) -> Example | None:
        """The example under `Wrong` or `Right`; None where the page has none."""
        found = {heading: Example(text, options) for heading, options, text in _EXAMPLE.findall(self.text)}
        return found.get(which)


@cache
def codes() -> tuple[str, ...]:
    """Every code, in alphabetical order."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.md")))


def read_page(code: str) -> Page:
    """The page of a code.

    Raises:
        FileNotFoundError: where there is no such code.
    """
    text = (FOLDER / f"{code}.md").read_text(encoding="utf-8")
    heading, found, meaning, *_ = text.split("\n\n")
    severity = "warning" if found.startswith("A warning") else "error"
    return Page(code, heading.partition(": ")[2], severity, found, meaning.replace("\n", " "), text)
