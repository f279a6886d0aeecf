"""The text of a file to one tree of nodes, with what `--set` puts into it, and all that is wrong with the text."""

from __future__ import annotations

import codecs
from collections.abc import Sequence

from xonet.diagnostics import Diagnostic, Source
from xonet.language.compose import Composer
from xonet.language.limits import DEPTH, LONGEST
from xonet.language.nodes import Node
from xonet.language.settings import Setting, put

BOM = codecs.BOM_UTF8
"""What some editors put at the start of a UTF-8 file; it is no part of the text."""


def read(source: Source, arguments: Sequence[str] = ()) -> tuple[Node | None, list[Diagnostic]]:
    """The mapping a text holds, with the `--set` arguments in it, and what is wrong with the text.

    The node is None where the text cannot be read to its end or holds no mapping.
    """
    settings, findings = _settings(arguments)
    reader = Composer(source, settings)
    root = reader.document()
    findings = reader.findings + findings
    if root is None or not isinstance(root.value, dict):
        return None, findings
    for setting in settings:
        problem = put(root, setting.path, setting.node, add=setting.path[0] != "knobs", place=setting.place)
        if problem:
            findings.append(
                Diagnostic(
                    "set-path",
                    problem,
                    setting.place,
                    help="write keys from the outermost inwards, and list entries by number: layers.0.conv2d.stride",
                )
            )
    return root, findings


def decode(name: str, raw: bytes) -> tuple[Source, list[Diagnostic]]:
    """The text of a file's bytes, or the finding that says why it is not text: it is too long, or not UTF-8."""
    if len(raw) > LONGEST:
        source = Source(name, "")
        message = f"a network file may have at most {LONGEST // 2**20} MiB, and this one is larger"
        return source, [
            Diagnostic("too-long", message, source.span(0, 0), help="keep weights and data in files of their own")
        ]
    try:
        return Source(name, raw.decode("utf-8-sig")), []
    except UnicodeDecodeError as error:
        source = Source(name, raw.decode("utf-8-sig", errors="replace"))
        start = len(raw[: error.start].decode("utf-8-sig"))
        return source, [
            Diagnostic(
                "not-utf8",
                f"byte 0x{raw[error.start]:02x} is not valid UTF-8",
                source.span(start, start + 1),
                help="save the file as UTF-8",
            )
        ]


def _settings(arguments: Sequence[str]) -> tuple[list[Setting], list[Diagnostic]]:
    """Each `key.path=VALUE`, its value read as YAML that knows its place in the argument."""
    settings: list[Setting] = []
    findings: list[Diagnostic] = []
    for argument in arguments:
        source = Source("--set", argument)
        path, equals, value = argument.partition("=")
        steps = [step.strip() for step in path.split(".")]
        if not equals or not all(steps):
            findings.append(
                Diagnostic(
                    "set-syntax",
                    "this is not a key and a value",
                    source.span(0, len(argument)),
                    help="write the key, =, and the value: training.epochs=3",
                )
            )
            continue
        if len(steps) > DEPTH:
            message = f"values are nested more than {DEPTH} deep"
            findings.append(Diagnostic("too-deep", message, source.span(0, len(path)), help="use fewer levels"))
            continue
        # The path is blanked out, so that places in the value are places in the argument.
        reader = Composer(source, [], " " * (len(path) + 1) + value)
        node = reader.document(empty=True)
        findings += reader.findings
        if node is not None:
            settings.append(Setting(steps, node, source.span(0, len(path))))
    return settings, findings
