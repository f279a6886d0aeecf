"""A long run: `python -m tests.agreement --files 2000 --seed 1`.

Each file is drawn for (seed, number): `--seed S --only N --keep DIR` repeats one and leaves it there. A disagreement is
printed with the file; it ends with what became of all files, and the status is 1 if there was a disagreement.
"""

from __future__ import annotations

import argparse
import secrets
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from tests.agreement.breaks import break_some, break_text, options_of, text_of
from tests.agreement.draw import Case, draw
from tests.agreement.judge import Disagreement, judge

FILE = "network.yaml"


def make(folder: Path, seed: int, number: int) -> Case:
    """File `number` of a seed, with its data, in an empty folder."""
    case = draw(folder, np.random.default_rng((seed, number)))
    if case.chance(0.6):
        break_some(case)
    raw = text_of(case)
    if case.chance(0.1):
        raw = break_text(case, raw)
    (folder / FILE).write_bytes(raw)
    return case


def run(seed: int, numbers: Iterable[int], seconds: float = float("inf"), keep: str | None = None) -> list[str]:
    """Judge files, as many as there is time for; disagreements are printed, and given."""
    began, wrong, seen = time.monotonic(), [], Counter[str]()
    for number in numbers:
        folder = Path(keep or tempfile.mkdtemp(prefix="agreement-"))
        folder.mkdir(exist_ok=True)
        try:
            case = make(folder, seed, number)
            seen["files"] += 1
            seen["broken on purpose"] += bool(case.broken)
            options = options_of(case)
            seen[judge(folder, FILE, case.one(("native", "reference")), options)] += 1
        except Disagreement as error:
            what = ", ".join((*case.broken, *options)) or "sound"
            wrong.append(f"file {number} of seed {seed} ({what}): {error}")
            print(wrong[-1], (folder / FILE).read_text("utf-8", "replace"), sep="\n", flush=True)
        finally:
            if not keep:
                _remove(folder)
        if time.monotonic() - began > seconds:
            break
    counts = ", ".join(f"{count:,} {what}" for what, count in seen.items())
    print(f"seed {seed}: {counts}; {len(wrong)} disagreements, {time.monotonic() - began:.0f} s", flush=True)
    return wrong


def _remove(folder: Path) -> None:
    """All of it, whatever rights were taken away."""
    folders = [folder]
    while folders:
        folders[-1].chmod(0o700)
        folders += [path for path in folders.pop().iterdir() if path.is_dir() and not path.is_symlink()]
    shutil.rmtree(folder)


def main() -> int:
    """Run."""
    parser = argparse.ArgumentParser(prog="python -m tests.agreement", description=__doc__.split("\n")[0])
    parser.add_argument("--files", type=int, default=2000, help="how many (default: %(default)s)")
    parser.add_argument("--seed", type=int, help="another seed makes other files (default: a new one)")
    parser.add_argument("--only", type=int, help="judge file number ONLY alone")
    parser.add_argument("--keep", metavar="DIR", help="with --only: make the file and its data there, and leave them")
    given = parser.parse_args()
    seed = secrets.randbits(32) if given.seed is None else given.seed
    numbers = range(given.files) if given.only is None else [given.only]
    return int(bool(run(seed, numbers, keep=given.keep if given.only is not None else None)))


if __name__ == "__main__":
    sys.exit(main())
