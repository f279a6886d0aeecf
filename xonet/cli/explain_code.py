"""`xonet explain-code`: the page of a finding's code."""

from __future__ import annotations

import argparse
import sys

HELP = "explain a finding's code, with a wrong and a right example; without CODE, list all"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A code, or nothing for all."""
    parser.add_argument("code", metavar="CODE", nargs="?", help="the code in a finding's brackets: empty-output")


def run(arguments: argparse.Namespace) -> int:
    """Print a line for each code, or the page of one."""
    from xonet.diagnostics.codes import codes, read_page
    from xonet.language.words import did_you_mean

    if arguments.code is None:
        width = max(map(len, codes()))
        for code in codes():
            page = read_page(code)
            print(f"{code:<{width}}  {page.severity:<7}  {page.title}")
        return 0
    if arguments.code not in codes():
        print(f"xonet: there is no code {arguments.code}: {did_you_mean(arguments.code, codes())}", file=sys.stderr)
        return 2
    print(read_page(arguments.code).text, end="")
    return 0
