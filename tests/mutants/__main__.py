"""`python -m tests.mutants --seed S --count 60`: which small changes of the code no test notices.

Each mutant is a line of kernels, lowerings or engine with one small change, in a copy of the project; the tests that
matter run there, until one fails. Survivors are listed again at the end. A survivor is a hole in the tests, or computes
the same: constants that only speed depends on, memory that is larger than it need be.
"""

from __future__ import annotations

import argparse
import secrets
import tempfile
import time
from pathlib import Path

from tests.mutants.draw import Mutant, draw
from tests.mutants.tree import ROOT, Tree


def main() -> None:
    """Run."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__.split("\n")[0])
    parser.add_argument("--seed", type=int, help="another seed draws other mutants (default: a new one)")
    parser.add_argument("--count", type=int, default=60, help="how many (default: %(default)s)")
    parser.add_argument("--only", metavar="PATH", default="", help="mutate only files whose path begins with PATH")
    parser.add_argument("--numbers", metavar="N", type=int, nargs="+", help="of the mutants drawn, run only these")
    parser.add_argument("--list", action="store_true", help="show the mutants, and run nothing")
    given = parser.parse_args()
    seed = secrets.randbits(32) if given.seed is None else given.seed
    print(f"seed {seed}", flush=True)
    mutants = dict(enumerate(draw(ROOT, seed, given.count, given.only), 1))
    mutants = {number: mutant for number, mutant in mutants.items() if not given.numbers or number in given.numbers}
    if given.list:
        for number, mutant in mutants.items():
            print(_said(number, mutant))
        return
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        survivors = _judge(Tree(Path(folder)), mutants)
    print(f"\n{len(survivors)} of {len(mutants)} survived:", *survivors, sep="\n")


def _judge(tree: Tree, mutants: dict[int, Mutant]) -> list[str]:
    """Print what became of each; those that survived."""
    began = time.monotonic()
    tree.as_it_is()
    print(f"all tests pass without a mutant, {time.monotonic() - began:.0f} s", flush=True)
    survivors = []
    for number, mutant in mutants.items():
        began = time.monotonic()
        killed = tree.killed_by(mutant)
        said = _said(number, mutant)
        print(f"{said}  |  {killed or 'SURVIVES'}  |  {time.monotonic() - began:.0f} s", flush=True)
        if not killed:
            survivors.append(said)
    return survivors


def _said(number: int, mutant: Mutant) -> str:
    return f"{number:3}  {mutant.path}:{mutant.line}  |  {mutant.before}  →  {mutant.after}"


if __name__ == "__main__":
    main()
