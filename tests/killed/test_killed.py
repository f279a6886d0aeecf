"""A short slice of `python -m tests.killed`, with a new seed each time; a failure prints it."""

from __future__ import annotations

import random

from tests.killed import kill_some


def test_some_kills(tmp_path):
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    assert kill_some(tmp_path, 6, seed)["killed"] == 6
