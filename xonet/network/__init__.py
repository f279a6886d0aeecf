"""From a file to a checked network, or to everything that is wrong with it."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import BinaryIO

from xonet.diagnostics import Diagnostic, InvalidNetwork, Source, in_order
from xonet.language.check import Form
from xonet.language.limits import FINDINGS, LONGEST
from xonet.language.nodes import Node
from xonet.language.spelling import all_meant
from xonet.language.text import decode, read
from xonet.network.document import Document
from xonet.network.network import Network
from xonet.network.rules import find

__all__ = ["Network", "check", "findings_of", "load", "loads", "read_file"]

STDIN = "-"
"""The path that stands for what is typed or piped in."""


def load(
    path: str | os.PathLike[str], overrides: Sequence[str] = (), data_root: str | os.PathLike[str] | None = None
) -> Network:
    """The network that a file declares; `-` reads standard input.

    Args:
        path: The network file.
        overrides: Values that replace the file's, as `--set` takes them: `"knobs.features=16"`.
        data_root: Where paths in the file begin, instead of the file's own folder.

    Raises:
        InvalidNetwork: with every finding, where there is an error among them.
        OSError: where the file cannot be read.
    """
    network, findings = check(path, overrides, data_root)
    return _sound(network, findings)


def loads(
    text: str, name: str = "<text>", overrides: Sequence[str] = (), data_root: str | os.PathLike[str] | None = None
) -> Network:
    """The network that a text declares; `name` is what findings call the text, and paths begin at the working folder.

    Raises:
        InvalidNetwork: with every finding, where there is an error among them.
    """
    network, findings = _judge(Source(name, text.removeprefix("\ufeff")), overrides, Path(data_root or "."))
    return _sound(network, findings)


def check(
    path: str | os.PathLike[str], overrides: Sequence[str] = (), data_root: str | os.PathLike[str] | None = None
) -> tuple[Network | None, list[Diagnostic]]:
    """The network of a file, or None where it has errors, and every finding, warnings too.

    Raises:
        OSError: where the file cannot be read.
    """
    if os.fspath(path) == STDIN:
        source, findings = decode("<stdin>", _limited(sys.stdin.buffer))
        root = Path(data_root or ".")
    else:
        source, findings = decode(os.fspath(path), read_file(path))
        root = Path(data_root or Path(path).parent)
    return (None, findings) if findings else _judge(source, overrides, root)


def read_file(path: str | os.PathLike[str]) -> bytes:
    """The bytes of a network file; of one that is too long, as many as show that it is.

    Raises:
        OSError: where it cannot be read, or is no file at all: a folder, a device, a pipe that may never end.
    """
    # Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with open(handle, "rb") as file:
        mode = os.fstat(handle).st_mode
        if not stat.S_ISREG(mode):
            what = "a folder" if stat.S_ISDIR(mode) else "a device or pipe; - reads standard input"
            raise OSError(errno.EINVAL, f"this is no file, but {what}", os.fspath(path))
        return _limited(file)


def _limited(file: BinaryIO) -> bytes:
    return file.read(LONGEST + 1)


def findings_of(source: Source, overrides: Sequence[str] = (), root: Path = Path()) -> list[Diagnostic]:
    """Every finding in a text; paths in it begin at `root`."""
    return _judge(source, overrides, root)[1]


def _sound(network: Network | None, findings: list[Diagnostic]) -> Network:
    if network is None:
        raise InvalidNetwork(findings)
    return network


def _judge(source: Source, overrides: Sequence[str], root: Path) -> tuple[Network | None, list[Diagnostic]]:
    """Text first; where that is sound the form; then the meaning of every section whose form is."""
    node, findings = read(source, overrides)
    if node is None or findings:
        return None, _counted(findings)
    faults = _form().check(node)
    findings = [finding for _, finding in faults]
    network = Network(_document(node, {str(path[0]) for path, _ in faults if path}), source, tuple(overrides), root)
    findings = _counted([*findings, *find(network)])
    if any(finding.severity == "error" for finding in findings):
        return None, findings
    network.warnings = findings
    return network, findings


def _counted(findings: list[Diagnostic]) -> list[Diagnostic]:
    """The findings in order; where they are too many to go on, a last one that says so."""
    ordered = in_order(findings)
    if len(ordered) < FINDINGS:
        return ordered
    said, last = f"after {FINDINGS} findings, the rest of the file is not judged", ordered[FINDINGS - 1].span
    return [*ordered[:FINDINGS], Diagnostic("too-many-findings", said, last, help="mend these first")]


def _document(node: Node, faulty: set[str]) -> Document:
    missing = {name for name, member in Document.fields.items() if member.required and node.get(name) is None}
    known, advice = _form().schema["properties"], _form().schema["x-advice"]
    misspelt = all_meant(node.value, known, advice)
    return Document.read_sound(node, frozenset(faulty | missing | misspelt))


@cache
def _form() -> Form:
    from xonet.network.schema import schema

    return Form(schema())
