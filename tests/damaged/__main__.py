"""`python -m tests.damaged --files 200`: prints what was done; status 1 where a run did not end as it should."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile

from tests.damaged import Broken, damage_some

parser = argparse.ArgumentParser(prog="python -m tests.damaged")
parser.add_argument("--files", type=int, default=200)
parser.add_argument("--seed", type=int, default=random.randrange(10**6))
arguments = parser.parse_args()
print(f"seed {arguments.seed}")
with tempfile.TemporaryDirectory() as folder:
    try:
        compiled = damage_some(folder, arguments.files, arguments.seed, print)
        print(f"{arguments.files} damaged files, {compiled} compiled anew; the same bits each time")
    except Broken as broken:
        sys.exit(f"BROKEN: {broken}")
