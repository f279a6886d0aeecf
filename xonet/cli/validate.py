"""`xonet validate`: checks files and folders of files."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Iterator, Sequence

from xonet.cli._arguments import add_set
from xonet.cli._selection import add_selection, selected
from xonet.diagnostics import Diagnostic, Source
from xonet.diagnostics._formats import Checked, Report, Tally, formats, load_format
from xonet.files import same_file, write_whole
from xonet.folders import leads_out

HELP = "check network files, and show what is wrong and where"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What is checked, which findings count, and how they are written."""
    parser.add_argument(
        "paths",
        metavar="PATH",
        nargs="+",
        help="a network or model file, a folder (every .yaml and .yml below it), or - for standard input",
    )
    add_set(parser)
    parser.add_argument(
        "--fix", action="store_true", help="fix what can be fixed without changing the meaning, in the files"
    )
    parser.add_argument("--diff", action="store_true", help="show what --fix would do, without writing anything")
    parser.add_argument(
        "--data-root", metavar="DIR", help="the folder that paths in the file are relative to (default: the file's own)"
    )
    parser.add_argument("--no-data", action="store_true", help="do not check whether the data files exist")
    add_selection(parser)
    parser.add_argument(
        "--output-format", choices=formats(), default="text", metavar="FORMAT", help=f"{', '.join(formats())}"
    )
    parser.add_argument(
        "--output-file", metavar="FILE", help="write the findings to this file instead of printing them"
    )
    parser.add_argument("--exit-zero", action="store_true", help="exit with status 0 whatever is found")
    parser.add_argument("--quiet", action="store_true", help="print only findings, without the summary line")


def run(arguments: argparse.Namespace) -> int:
    """Write the findings of all files.

    The status is 1 where an error is among them, 2 where a file cannot be read or written.
    """
    from xonet.cli._findings import use_color

    paths, all_read = _listed(arguments.paths)
    if arguments.output_file and any(same_file(arguments.output_file, path) for path in paths):
        print(
            f"xonet: {arguments.output_file}: this is one of the files being checked; write to another file",
            file=sys.stderr,
        )
        return 2
    if arguments.fix or arguments.diff:
        from xonet.cli._fixing import fix
        from xonet.network.loading import STDIN

        if STDIN in paths or arguments.overrides:
            print("xonet: --fix and --diff work on files only, without - and --set", file=sys.stderr)
            return 2
        count, failed = fix(paths, arguments.data_root, show=arguments.diff)
        all_read = all_read and not failed
        if arguments.diff:
            return int(count > 0) if all_read else 2
        paths = [path for path in paths if path not in failed]
    # A file becomes large trees without cycles: looking for cycles all the time took a fifth of it.
    gc.set_threshold(100_000)
    tally, in_file = Tally(), arguments.output_file is not None
    color = not in_file and use_color(arguments, sys.stdout)
    report = Report(tally(_check(paths, arguments)), color, arguments.quiet or in_file)
    text = load_format(arguments.output_format).write(report)
    if in_file:
        write_whole(arguments.output_file, text)
        if not arguments.quiet:
            print(tally, file=sys.stderr)
    else:
        sys.stdout.writelines(text)
    if not all_read or tally.files < len(paths):
        return 2
    return int(not arguments.exit_zero and tally.errors > 0)


def _listed(paths: Sequence[str]) -> tuple[list[str], bool]:
    """Every file that the paths stand for, and whether each stands for one at least."""
    files: list[str] = []
    all_found = True
    for path in paths:
        if path in ("-", "") or not os.path.isdir(path):
            files.append(path)
            continue
        inside, unread = _inside(path)
        for error in unread:
            print(f"xonet: {error.filename}: {error.strerror}", file=sys.stderr)
        if not inside and not unread:
            print(f"xonet: {path}: there is no .yaml or .yml file in this folder", file=sys.stderr)
        all_found = all_found and bool(inside) and not unread
        files += sorted(inside)
    return list(dict.fromkeys(files)), all_found


def _check(paths: Sequence[str], arguments: argparse.Namespace) -> Iterator[Checked]:
    """Each file that can be read, with the findings that are wanted; which cannot is said."""
    from xonet.network.loading import STDIN

    for path in paths:
        try:
            found = _judge(path, arguments)
        except OSError as error:
            print(f"xonet: {path}: {error.strerror}", file=sys.stderr)
            continue
        if found is not None:
            yield Checked("<stdin>" if path == STDIN else path, selected(found, arguments))


def _judge(path: str, arguments: argparse.Namespace) -> list[Diagnostic] | None:
    """What is found in a network file, or in the text that a model file was saved with; None where that is broken."""
    from xonet.network import check

    if leads := _outside(path):
        message = f"this is a link to {leads}, outside its folder and the working folder"
        span = Source(path, "").span(0, 0)
        return [Diagnostic("link-outside", message, span, help="name that file itself, or put a copy here")]
    if path.endswith(".safetensors"):
        from xonet.data import DataError
        from xonet.training.saving import check_model

        try:
            return check_model(path, arguments.overrides, arguments.data_root, sees_data=not arguments.no_data)
        except DataError as error:
            print(f"xonet: {error}", file=sys.stderr)
            return None
    return check(path, arguments.overrides, arguments.data_root, sees_data=not arguments.no_data)[1]


def _outside(path: str) -> str:
    """Where a link leads that a stranger may have made, to have what is there printed; empty for any other file."""
    return "" if path == "-" else leads_out(path)


def _inside(folder: str) -> tuple[list[str], list[OSError]]:
    """The network files below a folder, and what keeps folders from being read; links to folders are not followed."""
    files: list[str] = []
    unread: list[OSError] = []
    waiting = [folder]
    while waiting:
        place = waiting.pop()
        try:
            with os.scandir(place) as entries:
                for entry in entries:
                    path = os.path.normpath(entry.path)
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(path)
                    elif entry.name.endswith((".yaml", ".yml")) and os.path.isfile(path):
                        files.append(path)
        except OSError as error:
            unread.append(error)
    return files, unread
