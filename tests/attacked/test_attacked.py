"""A short slice of `python -m tests.attacked`, with a new seed each time; a failure prints it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.command import ROOT


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot fork")
def test_some_attacks():
    command = [sys.executable, "-m", "tests.attacked", "--attacks", "12"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
