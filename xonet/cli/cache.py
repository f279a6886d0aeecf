"""`xonet cache`: where compiled kernels are kept, and how to remove them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from xonet.cli import FAILURE, FINE

HELP = "show where compiled kernels are kept, or remove them"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whether to remove them."""
    parser.add_argument(
        "--clear", action="store_true", help="remove those in your own folder: the next run compiles again"
    )


def run(arguments: argparse.Namespace) -> int:
    """A line for each folder."""
    from xonet.kernels import kept

    own = kept.folders()[-1]
    if arguments.clear:
        if reason := kept.distrusted(own):
            print(f"xonet: nothing was removed: {reason}", file=sys.stderr)
            return FAILURE
        print(f"{own}: {kept.clear(own)} folders removed")
        return FINE
    for folder in kept.folders():
        reason = kept.distrusted(folder) if folder.is_dir() else "does not exist"
        print(f"{folder}: {f'not used: {reason}' if reason else _contents(folder, kept.digest())}")
    return FINE


def _contents(folder: Path, digest: str) -> str:
    """How many kernels there are for this installation on this processor, and for others."""
    files = list(folder.glob("*/*.o"))
    usable = sum(file.parent.name == digest for file in files)
    size = sum(file.stat().st_size for file in files)
    return f"{usable} kernels for this installation, {len(files) - usable} for others, {size / 2**20:.1f} MiB"
