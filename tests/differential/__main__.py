"""A long run: `python -m tests.differential --networks 100000 --seed 1 --jobs 2`.

Each network is drawn for (seed, number): `--seed S --only N` repeats one. A wrong one is printed with its layers; it
ends with how many were wrong, and the status is 1 if any was.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
import traceback

import numpy as np

from tests.differential.draw import Network, network
from tests.differential.judge import KNOWN, Wrong, judge


def drawn(seed: int, number: int) -> tuple[Network, np.random.Generator]:
    """Network `number` of a seed, and what its numbers are drawn with."""
    rng = np.random.default_rng((seed, number))
    return network(rng), rng


def run(seed: int, numbers: range, seconds: float = float("inf"), every: int = 1000) -> list[str]:
    """Judge networks, as many as there is time for; what was wrong, in words, is printed, too."""
    began, wrong, done = time.monotonic(), [], 0
    for done, number in enumerate(numbers, 1):
        found, rng = drawn(seed, number)
        try:
            judge(found, rng)
        except Exception as error:
            if not isinstance(error, Wrong):
                traceback.print_exc()
            wrong.append(f"seed {seed}, network {number}: {type(error).__name__}: {error}")
            print(wrong[-1], f"\n  shape {tuple(found.shape)}, layers {json.dumps(found.layers)}", flush=True)
        late = time.monotonic() - began
        if done % every == 0 or late > seconds or done == len(numbers):
            counts = ", ".join(f"{what} {count:,}" for what, count in KNOWN.items())
            print(f"{done:,} networks of seed {seed}, {len(wrong)} wrong, {late:.0f} s; {counts}", flush=True)
        if late > seconds:
            break
    return wrong


def main() -> int:
    """Run; with several jobs, each takes every so many-th network."""
    parser = argparse.ArgumentParser(prog="python -m tests.differential", description=__doc__.split("\n")[0])
    parser.add_argument("--networks", type=int, default=1000, help="how many (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after so many seconds")
    parser.add_argument("--seed", type=int, default=0, help="another seed makes other networks")
    parser.add_argument("--only", type=int, help="judge network number ONLY alone")
    parser.add_argument("--jobs", type=int, default=1, help="processes beside each other")
    parser.add_argument("--first", type=int, default=0, help="the number of the first network")
    parser.add_argument("--step", type=int, default=1, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.only is not None:
        return int(bool(run(given.seed, range(given.only, given.only + 1))))
    if given.jobs > 1:
        command = [sys.executable, "-m", "tests.differential", "--networks", str(given.networks)]
        command += ["--seconds", str(given.seconds), "--seed", str(given.seed), "--step", str(given.jobs)]
        jobs = [subprocess.Popen([*command, "--first", str(given.first + n)]) for n in range(given.jobs)]
        return int(any([job.wait() for job in jobs]))
    return int(bool(run(given.seed, range(given.first, given.networks, given.step), given.seconds)))


if __name__ == "__main__":
    sys.exit(main())
