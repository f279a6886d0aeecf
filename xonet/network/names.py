"""Names of classes or labels: a list, how many there are, or a file with one a line."""

from __future__ import annotations

from typing import Any

from xonet.language.fields import Record, field
from xonet.language.kinds import Either, Integer, Kind, ListOf, Text

MOST = 50_000
"""Names that a network may have where it does not list them itself."""


class NamesFile(Record):
    """A text file with one name a line."""

    file: str = field(Text(), "A text file in UTF-8, one name a line.", example="labels.txt", also=("path",))


class Names(Kind):
    """Names, as a tuple; a number stands for that many: 0, 1, 2 and so on.

    A mapping with a file stands for the names in it, which `names_file` puts in its place when the network is read.
    """

    def __init__(self, minimum: int) -> None:
        listed = ListOf(Text(), minimum=minimum, unique=True)
        self.minimum, self.written = minimum, Either(Integer(minimum=minimum, maximum=MOST), listed)

    def schema(self) -> dict[str, Any]:
        """By type."""
        return {"if": {"type": "object"}, "then": NamesFile.schema(), "else": self.written.schema()}

    def value(self, plain: Any) -> Any:
        """A tuple of names."""
        return tuple(map(str, range(plain))) if isinstance(plain, int) else self.written.value(plain)
