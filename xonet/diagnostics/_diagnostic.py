"""A finding and its place in a text."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from xonet.lazily import lazily

Severity = Literal["error", "warning"]

LONGEST_TEXT = 1000
"""Characters of a message, a label, a note, a help or a pointer."""


@dataclass(frozen=True, eq=False)
class Source:
    """A text that diagnostics point into: a network file, or an argument such as `--set training.epochs=3`."""

    name: str
    text: str

    @property
    def is_file(self) -> bool:
        """Whether it is no argument and no stream."""
        return not (self.name.startswith("<") or self.name == "--set")

    @lazily
    def _starts(self) -> list[int]:
        """Where each line begins. Only what every editor takes for a line break is one."""
        return [0, *(match.end() for match in re.finditer(r"\r\n|\n|\r", self.text))]

    def line(self, number: int) -> str:
        """The text of line `number`, counted from 1, without its line break; an empty string past the end."""
        if not 0 < number <= len(self._starts):
            return ""
        return self.text[slice(*self.bounds(number))]

    def bounds(self, number: int) -> tuple[int, int]:
        """Where line `number`, counted from 1, begins, and where its line break, or the text, ends it."""
        begin = self._starts[number - 1]
        end = self._starts[number] if number < len(self._starts) else len(self.text)
        while end > begin and self.text[end - 1] in "\r\n":
            end -= 1
        return begin, end

    def utf16_column(self, line: int, column: int) -> int:
        """A column in UTF-16 code units, from 1, of one in characters."""
        begin = self._starts[line - 1]
        return column + bisect_left(self._wide, begin + column - 1) - bisect_left(self._wide, begin)

    @lazily
    def _wide(self) -> list[int]:
        """Where each character stands that takes two units of UTF-16."""
        return [match.start() for match in re.finditer("[\U00010000-\U0010ffff]", self.text)]

    def offset(self, line: int, column: int) -> int:
        """The offset of a character by its line and column, both counted from 1."""
        return self._starts[line - 1] + column - 1

    def span(self, start: int, end: int) -> Span:
        """The stretch from the character at offset `start` to the one before offset `end`."""
        line, end_line = bisect_right(self._starts, start), bisect_right(self._starts, end)
        return Span(self, line, start - self._starts[line - 1] + 1, end_line, end - self._starts[end_line - 1] + 1)


class Span(NamedTuple):
    """A stretch of a source; lines and columns count from 1 in characters, the end is exclusive."""

    source: Source
    line: int
    column: int
    end_line: int
    end_column: int

    @property
    def start(self) -> int:
        """The offset of its first character."""
        return self.source.offset(self.line, self.column)

    @property
    def end(self) -> int:
        """The offset after its last character."""
        return self.source.offset(self.end_line, self.end_column)

    @property
    def text(self) -> str:
        """The characters it holds."""
        return self.source.text[self.start : self.end]

    @property
    def is_empty(self) -> bool:
        """Whether it holds no character: the value of a key with nothing after its colon."""
        return (self.line, self.column) == (self.end_line, self.end_column)


@dataclass(frozen=True)
class Note:
    """A remark that accompanies a finding, with its own place if it has one."""

    text: str
    span: Span | None = None

    def __post_init__(self) -> None:
        """As a finding's texts are."""
        if len(self.text) > LONGEST_TEXT:
            object.__setattr__(self, "text", f"{self.text[: LONGEST_TEXT - 1]}…")


@dataclass(frozen=True)
class Edit:
    """A stretch of the text, and its replacement."""

    span: Span
    text: str


@dataclass(frozen=True)
class Fix:
    """Edits that belong together and cannot change what the file means; `--fix` does them."""

    edits: tuple[Edit, ...]


@dataclass(frozen=True)
class Diagnostic:
    """One finding: a stable kebab-case code, its severity, what is wrong, the exact span, and what to type instead."""

    code: str
    message: str
    span: Span
    severity: Severity = "error"
    label: str = ""
    """Shown next to the caret: the arithmetic, or what is known about the spot."""
    notes: tuple[Note, ...] = ()
    help: str = ""
    fix: Fix | None = None
    """The automatic fix; None if a person has to decide."""
    pointer: str = ""
    """The value it is about, as a JSON pointer (RFC 6901): `/layers/2/max_pool2d/window`; empty for the whole file."""

    def __post_init__(self) -> None:
        """Words of the file that are quoted may be as long as the file."""
        for name in ("message", "label", "help", "pointer"):
            text = getattr(self, name)
            if len(text) > LONGEST_TEXT:
                object.__setattr__(self, name, f"{text[: LONGEST_TEXT - 1]}…")


class InvalidNetwork(Exception):
    """A network file with errors; `diagnostics` holds every finding, in source order."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        super().__init__(_in_one_line(diagnostics))
        self.diagnostics = diagnostics

    def __reduce__(self) -> tuple[type[InvalidNetwork], tuple[list[Diagnostic]]]:
        """Made again from its findings, not from its text."""
        return type(self), (self.diagnostics,)


def _in_one_line(diagnostics: list[Diagnostic]) -> str:
    """The first error, or else the first finding, with its place and help, and how many more there are."""
    if not diagnostics:
        return ""
    first = next((finding for finding in diagnostics if finding.severity == "error"), diagnostics[0])
    text = f"{first.span.source.name}:{first.span.line}:{first.span.column}: {first.message}"
    if first.help:
        text += f" (help: {first.help})"
    more = len(diagnostics) - 1
    return f"{text}; and {more} more finding{'s' * (more != 1)}" if more else text


def in_order(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Each finding once, in the order of the text; a value used through several aliases is reported once."""
    unique = {(d.code, d.message, id(d.span.source), *d.span[1:]): d for d in diagnostics}
    return sorted(unique.values(), key=lambda d: (d.span.source.name, d.span[1:]))
