"""`xonet diff`: what changed from one network to another, in a network's terms."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from xonet.cli._revisions import WORKING_TREE, NoRevision, contents
from xonet.pictures.changes import format_named, formats

if TYPE_CHECKING:
    from xonet.diagnostics import InvalidNetwork
    from xonet.network import Network
    from xonet.network.changes import Changes

HELP = "show what changed between two networks: layers, knobs, parameters, multiply-adds, memory, receptive field"

FAILURES: dict[str, Callable[[Changes], bool]] = {
    "any": lambda changes: not changes.none,
    "input-output": lambda changes: _input_or_output(changes),
    "layers": lambda changes: bool(changes.layers),
    "more-macs": lambda changes: changes.after.macs > changes.before.macs,
    "more-memory": lambda changes: changes.after.memory_bytes > changes.before.memory_bytes,
    "more-parameters": lambda changes: changes.after.parameters > changes.before.parameters,
}
"""What `--fail-on` takes, and whether it has happened."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Two files, or one with `--from` and `--to`; `--format` and `--fail-on`."""
    parser.usage = "xonet diff [options] OLD NEW\n       xonet diff [options] FILE [--from REV] [--to REV]"
    parser.add_argument(
        "files", metavar="FILE", nargs="+", help="two network files; or one, compared with itself at another revision"
    )
    parser.add_argument("--from", metavar="REV", dest="start", help="the old FILE: a git revision (default: HEAD)")
    parser.add_argument(
        "--to", metavar="REV", dest="end", help="the new FILE: a git revision (default: the working tree)"
    )
    parser.add_argument(
        "--output-format",
        "--format",
        dest="format",
        choices=formats(),
        default="text",
        help="output format (default: %(default)s)",
    )
    parser.add_argument(
        "--fail-on",
        metavar="CHANGE[,CHANGE]",
        action="extend",
        default=[],
        type=_failures,
        help=f"exit with status 1 if that happened: {', '.join(FAILURES)}",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the changes; the status is 1 where a side is invalid, or where what `--fail-on` names has happened."""
    from xonet.cli._findings import use_color
    from xonet.diagnostics import InvalidNetwork
    from xonet.network.changes import compare

    problem = _usage(arguments)
    if problem:
        print(f"xonet diff: {problem}", file=sys.stderr)
        return 2
    try:
        (old_name, old), (new_name, new) = _sides(arguments)
    except NoRevision as error:
        print(f"xonet: {error}", file=sys.stderr)
        return 2
    if isinstance(old, InvalidNetwork) or isinstance(new, InvalidNetwork):
        _print_findings([side for side in (old, new) if isinstance(side, InvalidNetwork)], arguments)
        return 1
    changes = compare(old, new, old_name, new_name)
    print(format_named(arguments.format).render(changes, use_color(arguments, sys.stdout)), end="")
    happened = [name for name in dict.fromkeys(arguments.fail_on) if FAILURES[name](changes)]
    if happened:
        print(f"xonet: failed on {', '.join(happened)}", file=sys.stderr)
    return 1 if happened else 0


def _sides(arguments: argparse.Namespace) -> list[tuple[str, Network | InvalidNetwork]]:
    """Names of the old and the new side, each with its network, or with what is wrong with it."""
    if len(arguments.files) == 2:
        return [(path, _file(path)) for path in arguments.files]
    path = arguments.files[0]
    start = "HEAD" if arguments.start is None else arguments.start
    old = f"{path} ({start})", _revision(path, start)
    if arguments.end is None:
        return [old, (f"{path} ({WORKING_TREE})", _file(path))]
    return [old, (f"{path} ({arguments.end})", _revision(path, arguments.end))]


def _file(path: str) -> Network | InvalidNetwork:
    from xonet.cli._arguments import open_network
    from xonet.diagnostics import InvalidNetwork

    try:
        return open_network(path)
    except InvalidNetwork as invalid:
        return invalid


def _revision(path: str, revision: str) -> Network | InvalidNetwork:
    """Findings name the file as git does: `HEAD:networks/xo.yaml`."""
    from xonet.diagnostics import InvalidNetwork
    from xonet.language.text import decode
    from xonet.network import loads

    source, findings = decode(f"{revision}:{path}", contents(path, revision))
    if findings:
        return InvalidNetwork(findings)
    try:
        return loads(source.text, source.name, data_root=Path(path).parent)
    except InvalidNetwork as invalid:
        return invalid


def _usage(arguments: argparse.Namespace) -> str:
    """What cannot be asked for; empty where all is well."""
    revisions = arguments.start is not None or arguments.end is not None
    if len(arguments.files) > 2:
        return "give one or two files"
    if len(arguments.files) == 2:
        if revisions:
            return "--from and --to take only one file"
        return "only one side can be standard input" if arguments.files == ["-", "-"] else ""
    return "standard input has no revisions: name a second file" if arguments.files == ["-"] else ""


def _failures(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",")]
    unknown = [name for name in names if name not in FAILURES]
    if unknown:
        raise argparse.ArgumentTypeError(f"{unknown[0]!r} is not one of {', '.join(FAILURES)}")
    return names


def _input_or_output(changes: Changes) -> bool:
    """Whether what it takes or gives is another: a section, or the shape that the layers make."""
    sections = {setting.place.partition(".")[0] for setting in changes.settings}
    return bool(sections & {"input", "output"}) or changes.before.output_shape != changes.after.output_shape


def _print_findings(invalid: list[InvalidNetwork], arguments: argparse.Namespace) -> None:
    from xonet.cli._findings import use_color
    from xonet.diagnostics._formats import Checked, Report
    from xonet.diagnostics.text import write

    files = [Checked("", side.diagnostics) for side in invalid]
    sys.stderr.writelines(write(Report(files, use_color(arguments, sys.stderr))))
