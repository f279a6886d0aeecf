"""`python -m tests.killed --kills 100`: prints what was seen; status 1 where something finished was lost."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile

from tests.killed import Broken, kill_some

parser = argparse.ArgumentParser(prog="python -m tests.killed")
parser.add_argument("--kills", type=int, default=100)
parser.add_argument("--seed", type=int, default=random.randrange(10**6))
arguments = parser.parse_args()
print(f"seed {arguments.seed}")
with tempfile.TemporaryDirectory() as folder:
    try:
        print(kill_some(folder, arguments.kills, arguments.seed, print))
    except Broken as broken:
        sys.exit(f"LOST: {broken}")
