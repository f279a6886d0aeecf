"""Whole networks against PyTorch: `python -m tests.parity --networks 300 --seed 1`; `--only N` repeats one."""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections import Counter

import torch

from tests.parity import draw, judge
from xonet.layers import LAYERS

ROUNDING = 10
"""How much larger than those of PyTorch's float32 our errors may be: its own sums are in another order each time."""
ATTEMPTS = 4
"""Gradients are not continuous: where float32 is on the other side of a relu's bend, other numbers are drawn."""


def one(seed: int, number: int, seen: Counter[str]) -> None:
    """Raises AssertionError where it is not PyTorch's."""
    network, rng, (word, answers) = draw.network(seed, number)
    seen.update({f"{word} for {answers}", *(layer for layer in LAYERS.members if f'"{layer}"' in network.text)})
    for attempt in range(ATTEMPTS):
        case = draw.case(network.operations, rng, word, answers)
        judge.reference_is_theirs(case, case.pictures.astype(float))
        try:
            judge.native_is_theirs(case, ROUNDING)
        except judge.NotContinuous:
            if attempt == ATTEMPTS - 1:
                raise
            judge.COUNTS["judged again with other numbers"] += 1
        else:
            return


def run(seed: int, numbers: range, seconds: float = float("inf")) -> list[str]:
    """As many as there is time for; what was wrong is printed, too."""
    torch.set_num_threads(1)
    began, wrong, seen, late = time.monotonic(), [], Counter[str](), 0.0
    for number in numbers:
        try:
            one(seed, number, seen)
        except Exception as error:
            if not isinstance(error, AssertionError):
                traceback.print_exc()
            layers = draw.network(seed, number)[0].text
            wrong.append(f"seed {seed}, network {number}: {type(error).__name__}: {str(error).splitlines()[0]}")
            print(wrong[-1], f"\n  {layers}", flush=True)
        if (late := time.monotonic() - began) > seconds:
            break
    counts = ", ".join(f"{what} {count}" for what, count in sorted(judge.COUNTS.items()))
    print(f"up to network {number} of seed {seed}: {len(wrong)} wrong, {late:.0f} s; {counts}", flush=True)
    absent = sorted({*LAYERS.members, *(f"{word} for {answers}" for word, answers in draw.ANSWERS)} - {*seen})
    print(f"in none of them: {', '.join(absent) or 'nothing'}; seldom: {seen.most_common()[:-6:-1]}", flush=True)
    return wrong


def main() -> int:
    """Status 1 if any was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.parity", description=__doc__)
    parser.add_argument("--networks", type=int, default=300, help="how many (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="another seed makes other networks")
    parser.add_argument("--only", type=int, help="network number ONLY alone")
    given = parser.parse_args()
    numbers = range(given.networks) if given.only is None else range(given.only, given.only + 1)
    return int(bool(run(given.seed, numbers)))


if __name__ == "__main__":
    sys.exit(main())
