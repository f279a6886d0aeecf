"""`xonet layers`: the layers of the catalogue."""

from __future__ import annotations

import argparse

from xonet.cli._arguments import add_json
from xonet.cli.catalogue import tell

HELP = "list the layers, or one layer's knobs; `xonet catalogue` lists everything else, too"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A layer's name, or nothing for all."""
    parser.add_argument("name", metavar="NAME", nargs="?", help="a layer, such as conv2d")
    add_json(parser, "[{family, name, summary, schema}]")


def run(arguments: argparse.Namespace) -> int:
    """Print a line for each layer, or everything about one."""
    from xonet.layers import LAYERS

    return tell([LAYERS], arguments)
