"""Inputs nobody would write: files of the corpus with bytes, words, lines and whole pieces changed, by a seed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

from tests.hostile.large import LARGE
from xonet.diagnostics.codes import codes

ROOT = Path(__file__).parents[2]
FOLDERS = (ROOT / "networks", ROOT / "tests" / "wrong")
LONGEST = 20_000
"""Bytes of a mutated file: many small ones find more than a few large ones."""

CODES = [*map(str.encode, codes()), b"unused-knab", b"a" * 70, b"", b" "]
"""What ignores name."""
TOKEN = re.compile(rb"[\w.]+|\[[^\[\]{}]*\]|\{[^\[\]{}]*\}")
"""A word, a number, or a short list or mapping."""
BYTES = [b"\0", b"\t", b"\n", b"\r", b" ", b"#", b"-", b":", b",", b"[", b"]", b"{", b"}", b"&", b"*", b"!", b"|",
         b">", b"'", b'"', b"%", b"@", b"`", b"?", b"~", b"=", b"<<", b"\\", b"\xff", b"\xc3", b"\xef\xbb\xbf",
         b"\xe2\x80\xa8",
         b"\xf0\x9f\x98\x80", b"\xed\xa0\x80", b"\x1b[31m", b"\x85", b"\xc2\x85", b"..."]  # fmt: skip
WORDS = [b"0", b"-1", b"1e999", b"-.inf", b".nan", b"0x", b"0xffffffffffffffffffff", b"0o7", b"1e-400", b"010", b"2.0",
         b"1" * 400, b"true", b"yes", b"null", b"~", b"''", b"[]", b"{}", b"[[]]", b"[{}]", b"{a: b}", b"*features",
         b"*x", b"&x", b"&x 1", b"&x [*x]", b"<<: *x", b"!!python/object/apply:os.system [x]", b"!t 1", b"? a", b"---",
         b"|\n  a", b">-\n  a", b'"\\u0000"', b'"\\x"', b"'a", b'"a', b"same", b"valid", b"xonet", b"layers", b"repeat",
         b"residual", b"branches", b"conv2d", b"dense", b"Conv2D", b"filters", b"lr", b"relu", b"softmax", b"data",
         b"{repeat: {times: 9999999, layers: [relu]}}", b"# xonet: ignore[", b"# xonet: ignore[empty-output]",
         b"10000000000000000000", b"knobs", b"share", b"0.5", b"weights", b"bias", b"name", b"..",
         b"/dev/zero"]  # fmt: skip


def corpus() -> list[bytes]:
    """Every network and every wrong file of the repository that is not too long, and small ones of each large kind."""
    files = sorted(file for folder in FOLDERS for file in folder.rglob("*.yaml"))
    large = [make(size).encode() for make in LARGE.values() for size in (1000, 4000)]
    return [raw for file in files if len(raw := file.read_bytes()) <= LONGEST] + large


class Mutator:
    """Endless mutated files; the same seed gives the same ones."""

    def __init__(self, seed: int, seeds: list[bytes] | None = None) -> None:
        self.random = random.Random(seed)
        self.seeds = seeds or corpus()
        self.changes: list[Callable[[bytes], bytes]] = [
            self.byte, self.bit, self.word, self.insert_word, self.cut, self.repeat, self.swap_lines, self.indent,
            self.drop_line, self.splice, self.lines_from_another, self.comment, self.anchor, self.line_end,
        ]  # fmt: skip

    def next(self) -> bytes:
        """One file, changed one to eight times; every other one gently, so that it is likely to stay YAML."""
        raw = self.random.choice(self.seeds)
        chosen = self.random.random()
        changes = self.changes if chosen < 0.5 else [self.token] if chosen < 0.8 else [self.comment, self.anchor]
        for _ in range(self.random.randint(1, 8)):
            raw = self.random.choice(changes)(raw)[:LONGEST]
        return raw

    def token(self, raw: bytes) -> bytes:
        """A key or value in place of another one."""
        found = list(TOKEN.finditer(raw))
        if not found:
            return raw
        place = self.random.choice(found)
        others = TOKEN.findall(self.random.choice(self.seeds))
        new = self.random.choice(others) if others and self.random.random() < 0.7 else self.random.choice(WORDS)
        return raw[: place.start()] + new + raw[place.end() :]

    def byte(self, raw: bytes) -> bytes:
        """A character in place of a byte, or before it."""
        at = self._place(raw)
        return raw[:at] + self.random.choice(BYTES) + raw[at + self.random.randint(0, 1) :]

    def bit(self, raw: bytes) -> bytes:
        """One bit the other way round."""
        at = self._place(raw)
        return raw[:at] + bytes([raw[at] ^ 1 << self.random.randrange(8)]) + raw[at + 1 :] if raw else raw

    def word(self, raw: bytes) -> bytes:
        """Another word in place of one."""
        words = raw.split(b" ")
        words[self.random.randrange(len(words))] = self.random.choice(WORDS)
        return b" ".join(words)

    def insert_word(self, raw: bytes) -> bytes:
        """A word more."""
        at = self._place(raw)
        return raw[:at] + self.random.choice(WORDS) + raw[at:]

    def cut(self, raw: bytes) -> bytes:
        """A piece less."""
        at = self._place(raw)
        return raw[:at] + raw[at + self.random.randint(1, 60) :]

    def repeat(self, raw: bytes) -> bytes:
        """A piece several times."""
        at = self._place(raw)
        piece = raw[at : at + self.random.randint(1, 60)]
        return raw[:at] + piece * self.random.choice([2, 3, 50, 400]) + raw[at:]

    def swap_lines(self, raw: bytes) -> bytes:
        """Two lines change places."""
        lines = raw.split(b"\n")
        i, j = self.random.randrange(len(lines)), self.random.randrange(len(lines))
        lines[i], lines[j] = lines[j], lines[i]
        return b"\n".join(lines)

    def indent(self, raw: bytes) -> bytes:
        """A line stands deeper, or less deep."""
        lines = raw.split(b"\n")
        i = self.random.randrange(len(lines))
        lines[i] = b" " * self.random.randint(1, 4) + lines[i] if self.random.random() < 0.5 else lines[i].lstrip()
        return b"\n".join(lines)

    def drop_line(self, raw: bytes) -> bytes:
        """A line less."""
        lines = raw.split(b"\n")
        del lines[self.random.randrange(len(lines))]
        return b"\n".join(lines)

    def splice(self, raw: bytes) -> bytes:
        """The begin of one file and the end of another."""
        other = self.random.choice(self.seeds)
        return raw[: self._place(raw)] + other[self._place(other) :]

    def lines_from_another(self, raw: bytes) -> bytes:
        """Some lines of another file in between."""
        lines, others = raw.split(b"\n"), self.random.choice(self.seeds).split(b"\n")
        i, j = self.random.randrange(len(lines)), self.random.randrange(len(others))
        return b"\n".join(lines[:i] + others[j : j + self.random.randint(1, 5)] + lines[i:])

    def comment(self, raw: bytes) -> bytes:
        """A comment behind a line, or before it, often an ignore, often of the code of a finding that is there."""
        lines = raw.split(b"\n")
        i = self.random.randrange(len(lines))
        codes = b",".join(self.random.choice(CODES) for _ in range(self.random.randint(0, 3)))
        said = self.random.choice(
            [b"said", b"xonet: ignore", b"xonet: ignore[" + codes, b"xonet: ignore[" + codes + b"]"]
        )
        text = b"# " + said * self.random.choice([1, 1, 1, 2, 50])
        if self.random.random() < 0.5:
            lines[i] += b" " + text
        else:
            lines.insert(i, b" " * self.random.choice([0, 0, 4]) + text)
        return b"\n".join(lines)

    def anchor(self, raw: bytes) -> bytes:
        """An anchor at one value, and an alias of it, or of nearly that name, in the place of another."""
        found = list(TOKEN.finditer(raw))
        if len(found) < 2:
            return raw
        first, second = sorted(self.random.sample(found, 2), key=lambda match: match.start())
        name = self.random.choice([b"a", b"features", b"a" * 70])
        other = name if self.random.random() < 0.8 else name[:-1] + b"b"
        alias = self.random.choice([b"*", b"*", b"<<: *"]) + other
        return (
            raw[: first.start()]
            + b"&"
            + name
            + b" "
            + raw[first.start() : second.start()]
            + alias
            + raw[second.end() :]
        )

    def line_end(self, raw: bytes) -> bytes:
        """Another line break in the place of one, or of all."""
        other = self.random.choice([b"\r", b"\r\n", b"\n\r", b"\n\n", b"\xc2\x85", b"\xe2\x80\xa8", b"\x0b", b"\x0c"])
        if self.random.random() < 0.3:
            return raw.replace(b"\n", other)
        lines = raw.split(b"\n")
        i = self.random.randrange(len(lines))
        return b"\n".join(lines[:i]) + other + b"\n".join(lines[i:])

    def _place(self, raw: bytes) -> int:
        return self.random.randrange(len(raw)) if raw else 0
