"""`xonet layers`: the catalogue."""

from __future__ import annotations

import argparse
import inspect
import sys
import textwrap

HELP = "list the layers, or one layer's knobs"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A layer's name, or nothing for all."""
    parser.add_argument("name", metavar="NAME", nargs="?", help="a layer, such as conv2d")


def run(arguments: argparse.Namespace) -> int:
    """Print a line for each layer, or everything about one."""
    from xonet.language.words import did_you_mean
    from xonet.layers import LAYERS

    members = LAYERS.members
    if arguments.name is None:
        width = max(map(len, members))
        for word, member in members.items():
            print(f"{word:<{width}}  {member.summary()}")
        return 0
    if arguments.name not in members:
        print(f"xonet: there is no layer {arguments.name}: {did_you_mean(arguments.name, members)}", file=sys.stderr)
        return 2
    _print_layer(arguments.name)
    return 0


def _print_layer(word: str) -> None:
    """The layer's text, and each knob with its default."""
    from xonet.language.scalars import flow
    from xonet.language.words import example
    from xonet.layers import LAYERS

    member = LAYERS.members[word]
    sample = example(member.schema())
    print(f"- {word}: {flow(sample)}" if sample else f"- {word}")
    print()
    print(inspect.getdoc(member))
    print()
    for name, knob in member.fields.items():
        if knob.required:
            default = "needed"
        elif knob.default is None:
            default = "absent unless written"
        else:
            default = f"default {flow(knob.default)}"
        print(f"  {name} ({default})")
        print(textwrap.fill(knob.help, 100, initial_indent="      ", subsequent_indent="      "))
