"""`xonet schema`: the language as a JSON schema, for editors and other tools."""

from __future__ import annotations

import argparse
import sys

from xonet.files import write_whole
from xonet.language.files import read_file

HELP = "print the JSON schema of network files, for editors"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`--write` or `--check`, each with a file."""
    place = "(default: the one in a checkout of xonet)"
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--write", metavar="FILE", nargs="?", const=True, help=f"write it to a file {place}")
    what.add_argument(
        "--check", metavar="FILE", nargs="?", const=True, help=f"check whether a file is up to date {place}"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print or write it; the status is 1 where a checked file is stale."""
    from xonet.network.schema import FILE, text

    schema = text()
    if arguments.write is None and arguments.check is None:
        sys.stdout.write(schema)
        return 0
    place = arguments.check if arguments.write is None else arguments.write
    named = "" if place is True else place  # True where the option stands alone
    if place is True and not (FILE.parents[1] / "pyproject.toml").is_file():
        print(f"xonet: {FILE.name} is not part of an installed xonet: name the file", file=sys.stderr)
        return 2
    path = FILE if place is True else place
    if arguments.write is not None:
        write_whole(path, schema)
    elif read_file(path) != schema.encode():
        print(f"xonet: {path}: out of date: run xonet schema --write{f' {named}' if named else ''}", file=sys.stderr)
        return 1
    return 0
