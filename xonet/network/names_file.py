"""The file that `classes` or `labels` names: its lines stand in its place from here on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from xonet.data import DataError
from xonet.data._paths import expect_file, is_inside, resolved
from xonet.diagnostics import Diagnostic, Note
from xonet.language.files import read_file
from xonet.language.limits import LONGEST
from xonet.language.nodes import Node
from xonet.language.scalars import flow
from xonet.language.syntax import CONTROL
from xonet.language.text import decode
from xonet.language.words import counted, same_name
from xonet.network.interface import Output
from xonet.network.names import MOST, Names


class Named(NamedTuple):
    """A network file whose names are all known, or what keeps them from being."""

    root: Node
    overrides: tuple[str, ...] = ()
    """What makes the same of the text without the file, as `--set` takes it: so a model file holds its names."""
    is_known: bool = True
    findings: tuple[Diagnostic, ...] = ()


def with_names(root: Node, folder: Path, *, looks: bool) -> Named:
    """The network file, its `output` of valid form, with names in the place of a file of names.

    Args:
        root: The network file.
        folder: Where its paths begin.
        looks: Whether files may be looked at; otherwise such names are not known.
    """
    output = root.get("output")
    for knob, member in Output.fields.items():
        written = output.get(knob) if output else None
        named = written.get("file") if written else None
        if output is None or written is None or named is None or not isinstance(member.kind, Names):
            continue
        if not looks:
            return Named(root, is_known=False)
        try:
            names = _read(folder, named.value, knob, member.kind.minimum)
        except DataError as error:
            notes = (Note(error.note),) if error.note else ()
            found = Diagnostic(error.code or "bad-data", str(error), named.span, notes=notes, help=error.help)
            return Named(root, is_known=False, findings=(found,))
        listed = Node([Node(name, named.span) for name in names], written.span, written.origin)
        whole = Node({**output.value, knob: listed}, output.span, output.origin, output.keys)
        root = Node({**root.value, "output": whole}, root.span, root.origin, root.keys)
        return Named(root, (f"output.{knob}={flow(names)}",))
    return Named(root)


def _read(folder: Path, name: str, knob: str, minimum: int) -> list[str]:
    """The names in a file.

    Raises:
        DataError: where it cannot be read, or its lines are not one name each; with the line.
    """
    path = resolved(folder, name)
    if expect_file(path, "a text file with one name a line") > LONGEST:
        raise DataError(f"{path}: expected names, found more than {LONGEST:,} bytes", help="name another file")
    try:
        source, faults = decode(str(path), read_file(path))
    except OSError as error:
        raise DataError(f"{path}: expected names, but it cannot be read: {error.strerror}") from None
    if faults:
        place = f"{path}:{faults[0].span.line}"
        raise DataError(f"{place}: {faults[0].message}", code=faults[0].code, help=faults[0].help)
    names = [*_lines(path, source.text, quotes=is_inside(path, folder))]
    if not minimum <= len(names) <= MOST:
        amount = f"at least {counted(minimum, 'name')}" if len(names) < minimum else f"at most {MOST:,} names"
        said = f"{path}: expected {amount}, one a line, found {len(names):,}"
        raise DataError(said, help=f"write one line for each of the {knob} into {path.name}")
    return names


def _lines(path: Path, text: str, *, quotes: bool) -> Iterator[str]:
    first: dict[str, int] = {}
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
    for number, line in enumerate(lines.split("\n") if lines else (), 1):
        name, place = line.strip(), f"{path}:{number}"
        if not name:
            raise DataError(f"{place}: expected a name, found an empty line", help=f"remove line {number}, or name it")
        if CONTROL.search(name) or not {*name}.isdisjoint("\x85\u2028\u2029"):
            raise DataError(f"{place}: this line has a control character", help="write the name without it")
        before = first.setdefault(same_name(name), number)
        if before != number:
            quoted = name if quotes else "this name"  # what lies elsewhere may be a stranger's to name, not to see
            help = f"remove line {number}, or write another name"
            raise DataError(f"{place}: {quoted} is in line {before} already", code="duplicate-entry", help=help)
        yield name
