"""A long run: `python -m tests.fuzz --inputs 1000000 --seed 1`, in less than 512 MB.

It ends with the number of inputs, how many of them had findings, each code that was seen, and the peak of memory. An
input that breaks a promise is written to crash-<seed>-<number>.yaml in the working folder, and the status is 1. With
`--atheris` the inputs are libFuzzer's own, guided by what the code reaches (`pip install atheris`).
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

from tests.fuzz.judge import judge
from tests.fuzz.mutate import LONGEST, Mutator, corpus

MEMORY = 512 * 2**20


def mutated(inputs: int, seed: int, seconds: float) -> int:
    """Judge so many mutated files, or as many as there is time for; how many broke a promise."""
    mutator, codes, broken, done = Mutator(seed), Counter[str](), 0, 0
    slowest = 0.0
    began = time.monotonic()
    while done < inputs and time.monotonic() - began < seconds:
        raw = mutator.next()
        done += 1
        started = time.process_time()
        try:
            # Formats take most of the time, and are the same for every finding: one file in eight writes them.
            codes.update({finding.code for finding in judge(raw, write=done % 8 == 0)} or {"(valid)"})
        except Exception:
            broken += 1
            Path(f"crash-{seed}-{done}.yaml").write_bytes(raw)
            traceback.print_exc()
        slowest = max(slowest, time.process_time() - started)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{done:,} inputs from seed {seed}, {broken} broke a promise, {slowest:.2f} s and {peak} MB at most")
    print(f"{time.monotonic() - began:.0f} s; " + ", ".join(f"{code} {count:,}" for code, count in codes.most_common()))
    return broken


def guided(inputs: int, seed: int) -> None:
    """Let atheris look for inputs; it ends the process itself, and writes what breaks a promise to crash-*."""
    import atheris

    folder = Path("fuzz-corpus")
    folder.mkdir(exist_ok=True)
    for number, raw in enumerate(corpus()):
        (folder / f"{number}.yaml").write_bytes(raw)
    atheris.instrument_all()
    options = [f"-runs={inputs}", f"-seed={seed}", f"-max_len={LONGEST}", "-rss_limit_mb=512", "-verbosity=1"]
    atheris.Setup([sys.argv[0], *options, str(folder)], lambda raw: judge(raw, write=False) and None)
    atheris.Fuzz()


def main() -> int:
    """Run one kind of fuzzing."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__.split("\n")[0])
    parser.add_argument("--inputs", type=int, default=100_000, help="how many files (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after so many seconds")
    parser.add_argument("--seed", type=int, default=0, help="another seed makes other files")
    parser.add_argument("--atheris", action="store_true", help="inputs from atheris, guided by coverage")
    arguments = parser.parse_args()
    if not arguments.atheris:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    if arguments.atheris:
        guided(arguments.inputs, arguments.seed)
    return int(mutated(arguments.inputs, arguments.seed, arguments.seconds) > 0)


if __name__ == "__main__":
    sys.exit(main())
