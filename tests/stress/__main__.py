"""`python -m tests.stress --threads 20 --seconds 60`: prints what was done; status 1 where anything was wrong."""

from __future__ import annotations

import argparse
import random
import sys
import warnings

from tests.stress import Wrong, stress

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.stress")
    parser.add_argument("--threads", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="of what the threads call")
    given = parser.parse_args()
    print(f"seed {given.seed}", flush=True)
    warnings.filterwarnings("ignore", message=".*fork.*", category=DeprecationWarning)
    try:
        print(stress(given.threads, given.seconds, given.seed, lambda text: print(text, flush=True)))
    except Wrong as wrong:
        sys.exit(f"WRONG: {wrong}")
