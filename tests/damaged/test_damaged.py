"""A short slice of `python -m tests.damaged`, with a new seed each time; a failure prints it."""

from __future__ import annotations

import random

from tests.damaged import damage_some


def test_some_damaged_files(tmp_path):
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    damage_some(tmp_path, 3, seed)
