"""From a file to a checked network, or to everything that is wrong with it."""

from __future__ import annotations

import copyreg
import errno
import os
import sys
from collections.abc import Callable, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from xonet.diagnostics import Diagnostic, InvalidNetwork, Source, in_order
from xonet.language.check import Form
from xonet.language.files import read_file, read_limited
from xonet.language.limits import FINDINGS
from xonet.language.nodes import Node
from xonet.language.pointers import with_pointers
from xonet.language.spelling import all_meant
from xonet.language.text import decode, read
from xonet.network import ignores
from xonet.network.defaults import with_defaults
from xonet.network.document import Document
from xonet.network.names_file import Named, with_names
from xonet.network.network import Network
from xonet.network.rules import Scope, find

STDIN = "-"
"""The path that stands for what is typed or piped in."""


def load(
    path: str | os.PathLike[str], overrides: Sequence[str] = (), data_root: str | os.PathLike[str] | None = None
) -> Network:
    """The network that a file declares; `-` reads standard input.

    Args:
        path: The network file.
        overrides: Values that replace the file's, as `--set` takes them: `"knobs.features=16"`.
        data_root: The folder that paths in the file are relative to, instead of the file's own.

    Raises:
        InvalidNetwork: with every finding, where there is an error among them.
        OSError: where the file cannot be read.
    """
    source, root, findings = _open(path, data_root)
    return _sound(source, root, findings, overrides)


def loads(
    text: str, name: str = "<text>", overrides: Sequence[str] = (), data_root: str | os.PathLike[str] | None = None
) -> Network:
    """The network that a text declares; findings call the text `name`; paths are relative to the working folder.

    Raises:
        InvalidNetwork: with every finding, where there is an error among them.
    """
    return _sound(Source(name, text.removeprefix("\ufeff")), Path(data_root or "."), [], overrides)


def check(
    path: str | os.PathLike[str],
    overrides: Sequence[str] = (),
    data_root: str | os.PathLike[str] | None = None,
    *,
    sees_data: bool = True,
) -> tuple[Network | None, list[Diagnostic]]:
    """The network of a file, or None where it has errors, and every finding that the file does not ignore.

    This is `validate`: unlike `load` it also warns about what is probably a mistake, and with `sees_data` checks that
    the data files exist.

    Raises:
        OSError: where the file cannot be read.
    """
    source, root, findings = _open(path, data_root)
    return (None, findings) if findings else check_text(source, overrides, root, sees_data=sees_data)


def check_text(
    source: Source, overrides: Sequence[str] = (), root: Path = Path(), *, sees_data: bool = True
) -> tuple[Network | None, list[Diagnostic]]:
    """The same for a text whose paths are relative to `root`."""
    network, node, findings = _judge(source, overrides, root, Scope(lints=True, sees_data=sees_data))
    if node is None:
        return None, findings
    left = _counted(ignores.apply(findings, source, node, sees_data=sees_data))
    return network, in_order(with_pointers(left, node))


def _pickled(network: Network) -> tuple[Callable[..., Network], tuple[Any, ...]]:
    """As a pickle, a network is its text."""
    return loads, (network.text, network.source.name, network.overrides, network.root)


copyreg.pickle(Network, _pickled)


def _open(
    path: str | os.PathLike[str], data_root: str | os.PathLike[str] | None
) -> tuple[Source, Path, list[Diagnostic]]:
    """A file's text, where its paths begin, and what keeps its bytes from being text."""
    if os.fspath(path) == STDIN:
        if sys.stdin is None:
            raise OSError(errno.EBADF, "standard input is closed", STDIN)
        source, findings = decode("<stdin>", read_limited(sys.stdin.buffer))
        return source, Path(data_root or "."), findings
    source, findings = decode(os.fspath(path), read_file(path))
    return source, Path(data_root or Path(path).parent), findings


def _sound(source: Source, root: Path, findings: list[Diagnostic], overrides: Sequence[str]) -> Network:
    network = None
    if not findings:
        network, _, findings = _judge(source, overrides, root, Scope())
    if network is None:
        raise InvalidNetwork(findings)
    return network


def _judge(
    source: Source, overrides: Sequence[str], root: Path, scope: Scope
) -> tuple[Network | None, Node | None, list[Diagnostic]]:
    """Text first; where that is sound the form; then the meaning of every section whose form is."""
    node, findings = read(source, overrides)
    if node is None or findings:
        return None, node, _counted(findings)
    whole = with_defaults(node, _wrong_defaults(node))
    faults, all_of_them = _form().check(whole)
    findings = [finding for _, finding in faults]
    if not all_of_them:
        return None, node, _counted(findings, cut=True)  # which sections are sound was not found out
    faulty = {str(path[0]) for path, _ in faults if path}
    if "defaults" in faulty:
        faulty.add("layers")  # what they are is not known
    named = Named(whole)
    if "output" not in faulty:
        named = with_names(whole, root, looks=scope.sees_data or not scope.lints)
        faulty |= set() if named.is_known else {"output"}
    network = Network(_document(named.root, faulty), source, tuple(overrides), root)
    findings = _counted([*findings, *named.findings, *islice(find(network, scope), FINDINGS)])
    if any(finding.severity == "error" for finding in findings):
        return None, node, findings
    network.warnings = findings
    network.overrides += named.overrides
    return network, node, findings


def _wrong_defaults(node: Node) -> set[tuple[str | int, ...]]:
    """The knobs under `defaults` whose values are wrong, as (layer, knob): found once, and not at each layer."""
    written = node.get("defaults")
    if written is None:
        return set()
    faults, _ = _form().check(Node({"defaults": written}, node.span, keys={"defaults": node.keys["defaults"]}))
    return {path[1:3] for path, _ in faults if path[:1] == ("defaults",) and len(path) > 2}


def _counted(findings: list[Diagnostic], *, cut: bool = False) -> list[Diagnostic]:
    """The findings in order; where they are too many to go on, or were `cut`, a last one that says so."""
    ordered = in_order(findings)
    if len(ordered) < FINDINGS and not cut:
        return ordered
    said, last = f"after {FINDINGS} faults, the rest of the file is not checked", ordered[:FINDINGS][-1].span
    return [*ordered[:FINDINGS], Diagnostic("too-many-findings", said, last, help="fix these first")]


def _document(node: Node, faulty: set[str]) -> Document:
    missing = {name for name, member in Document.fields.items() if member.required and node.get(name) is None}
    known, advice = _form().schema["properties"], _form().schema["x-advice"]
    misspelt = all_meant(node.value, known, advice)
    return Document.read_sound(node, frozenset(faulty | missing | misspelt))


@cache
def _form() -> Form:
    from xonet.network.schema import schema

    return Form(schema())
