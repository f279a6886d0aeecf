"""`xonet validate`: checks files and folders of files."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from xonet.cli._arguments import add_set
from xonet.diagnostics import Diagnostic

HELP = "check network files, and say what is wrong and where"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Paths, `--set` and `--quiet`."""
    parser.add_argument(
        "paths",
        metavar="PATH",
        nargs="+",
        help="a network file, a folder (every .yaml and .yml below it), or - for standard input",
    )
    add_set(parser)
    parser.add_argument("--fix", action="store_true", help="do what cannot change the meaning, in the files")
    parser.add_argument("--diff", action="store_true", help="show what --fix would do, and write nothing")
    parser.add_argument("--quiet", action="store_true", help="print findings only, no line that counts them")


def run(arguments: argparse.Namespace) -> int:
    """Print the findings of all files; the status is 1 where an error is among them, 2 where a file cannot be read."""
    from xonet.cli._findings import use_color
    from xonet.diagnostics.text import render, summary
    from xonet.network import check

    findings: list[Diagnostic] = []
    files, unread = 0, 0
    paths: list[str] = []
    for path in arguments.paths:
        inside = _files(path)
        if not inside:
            print(f"xonet: {path}: no .yaml or .yml file is in this folder", file=sys.stderr)
            unread += 1
        paths += inside
    if arguments.fix or arguments.diff:
        from xonet.cli._fixing import fix

        if "-" in paths or arguments.overrides:
            print("xonet: --fix and --diff work on files, without - and --set", file=sys.stderr)
            return 2
        count, failed = fix(paths, show=arguments.diff)
        unread += len(failed)
        paths = [path for path in paths if path not in failed]
        if arguments.diff:
            return 2 if unread else 1 if count else 0
    for path in paths:
        try:
            found = check(path, arguments.overrides)[1]
        except OSError as error:
            print(f"xonet: {path}: {error.strerror}", file=sys.stderr)
            unread += 1
            continue
        files += 1
        if found:
            print(render(found, color=use_color(arguments, sys.stdout)))
        findings += found
    if not arguments.quiet:
        print(summary(findings, files))
    if unread:
        return 2
    return 1 if any(finding.severity == "error" for finding in findings) else 0


def _files(path: str) -> list[str]:
    """The files that a path stands for, a folder's in alphabetical order."""
    if path == "-" or not Path(path).is_dir():
        return [path]
    inside = (file for file in Path(path).rglob("*") if file.suffix in (".yaml", ".yml") and file.is_file())
    return sorted(map(str, inside))
