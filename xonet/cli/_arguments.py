"""Arguments that several verbs take."""

from __future__ import annotations

import argparse


def add_file(parser: argparse.ArgumentParser) -> None:
    """The network file, `--set` and `--data-root`."""
    parser.add_argument("file", metavar="FILE", help="the network file; - reads standard input")
    add_set(parser)
    parser.add_argument("--data-root", metavar="DIR", help="where paths in the file begin (default: the file's folder)")


def add_set(parser: argparse.ArgumentParser) -> None:
    """`--set`, any number of times."""
    parser.add_argument(
        "--set",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        dest="overrides",
        help="replace a value of the file: training.epochs=3, knobs.features=16, layers.0.conv2d.features=8",
    )
