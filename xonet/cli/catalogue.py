"""`xonet catalogue`: the name of every layer, loss, source, ... that a network file may use."""

from __future__ import annotations

import argparse
import inspect
import json
import sys
import textwrap
from collections.abc import Sequence
from typing import Any

from xonet.cli._arguments import add_json

HELP = "list layers, losses, metrics, optimizers, schedules, initializers, sources and augmentations, or one's knobs"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A name, or nothing for all."""
    parser.add_argument("name", metavar="NAME", nargs="?", help="a name, such as conv2d or cosine")
    add_json(parser, "[{family, name, summary, schema}]")


def run(arguments: argparse.Namespace) -> int:
    """Print a line for each word, or everything about one."""
    from xonet.network.schema import FAMILIES

    return tell(FAMILIES, arguments)


def tell(listed: Sequence[Any], arguments: argparse.Namespace) -> int:
    """Print the `listed` families; or what is called so in any family, or else what was meant."""
    from xonet.network.schema import FAMILIES

    if arguments.name is None:
        found = [(family, word) for family in listed for word in family.members]
    else:
        found = [(family, arguments.name) for family in FAMILIES if arguments.name in family.members]
    if not found:
        print(f"xonet: {_meant(listed, arguments.name)}", file=sys.stderr)
        return 2
    if arguments.json:
        print(json.dumps([_plain(family, word) for family, word in found], indent=2))
    elif arguments.name is None:
        _print_list(found, headed=len(listed) > 1)
    else:
        for index, (family, word) in enumerate(found):
            print("\n" * (index > 0), end="")
            _print_member(family, word)
    return 0


def _print_list(found: Sequence[tuple[Any, str]], *, headed: bool) -> None:
    width = max(len(word) for _, word in found)
    last = None
    for family, word in found:
        if headed and family is not last:
            print(f"{'' if last is None else chr(10)}{family.noun}:")
        last = family
        print(f"{'  ' * headed}{word:<{width}}  {family.members[word].summary()}")


def _print_member(family: Any, word: str) -> None:
    """The member's text, and each knob with its default."""
    from xonet.language.scalars import flow
    from xonet.language.words import example

    member = family.members[word]
    sample = example(member.schema())
    begin = "- " if family.noun in ("layer", "augmentation") else f"{family.noun} "
    print(f"{begin}{word}: {flow(sample)}" if sample else f"{begin}{word}")
    print()
    print(inspect.getdoc(member))
    print()
    for name, knob in member.fields.items():
        if knob.required:
            default = "required"
        elif knob.default is None:
            default = "optional"
        else:
            default = f"default {flow(knob.default)}"
        print(f"  {name} ({default})")
        print(textwrap.fill(knob.help, 100, initial_indent="      ", subsequent_indent="      "))


def _plain(family: Any, word: str) -> dict[str, Any]:
    member = family.members[word]
    return {"family": family.noun, "name": word, "summary": member.summary(), "schema": member.schema()}


def _meant(listed: Sequence[Any], name: str) -> str:
    """What to look for instead, as the check of a file says it."""
    from xonet.language.spelling import meant
    from xonet.language.words import closest
    from xonet.network.schema import FAMILIES, schema

    noun = listed[0].noun if len(listed) == 1 else "word"
    for certain in (True, False):
        for family in FAMILIES:
            named = schema()["$defs"][family.noun]["else"]
            guess = meant(name, named["properties"], named.get("x-advice"))
            if guess.advice and certain:
                return f"there is no {family.noun} {name}: {guess.advice}"
            if guess.foreign and certain:
                return f"there is no {family.noun} {name}: it is called {guess.word} here"
            if guess.certain and not certain:
                return f"there is no {family.noun} {name}: did you mean {guess.word}?"
    near = closest(name, [word for family in FAMILIES for word in family.members])
    return f"there is no {noun} {name}: " + (f"did you mean {near}?" if near else "`xonet catalogue` lists all")
