"""`python -m tests.attacked --attacks 1000`: a line for each writer; status 1 where anything was wrong."""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import warnings
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"

from tests.attacked import attack
from tests.attacked.writers import WRITERS

parser = argparse.ArgumentParser(prog="python -m tests.attacked")
parser.add_argument("--attacks", type=int, default=1000, help="how many on each writer")
parser.add_argument("--seed", type=int, default=random.randrange(10**6))
parser.add_argument("--writer", choices=[writer.name for writer in WRITERS], help="only this one")
parser.add_argument("--user", type=int, help="the number of the user to go on as, where root starts it")
given = parser.parse_args()
warnings.filterwarnings("ignore", message=".*fork.*", category=DeprecationWarning)
print(f"seed {given.seed}", flush=True)
print(f"{'writer':24} attacks written refused killed slowest/s wrong", flush=True)
wrong = []
with tempfile.TemporaryDirectory(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None) as folder:
    writers = [
        kind(Path(folder, f"scratch-{number}"))
        for number, kind in enumerate(WRITERS)
        if given.writer in (None, kind.name)
    ]
    if given.user is not None:  # by now all is imported: Python itself may be closed to that user
        for path in [Path(folder), *Path(folder).rglob("*")]:
            os.chown(path, given.user, given.user)
        os.setgroups([])
        os.setgid(given.user)
        os.setuid(given.user)
    for writer in writers:
        with tempfile.TemporaryDirectory(dir=folder) as place:
            tally = attack(writer, given.attacks, given.seed, Path(place))
        seen = [tally.seen[what] for what in ("written", "refused", "killed")]
        print(f"{writer.name:24} {given.attacks:7} {seen[0]:7} {seen[1]:7} {seen[2]:6} {tally.slowest:9.2f} "
              f"{len(tally.wrong):5}", flush=True)  # fmt: skip
        wrong += tally.wrong
if wrong:
    sys.exit("WRONG:\n" + "\n".join(wrong[:20]))
