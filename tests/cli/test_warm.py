"""`xonet warm`: afterwards, nothing is left to compile."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_nothing_is_left_to_compile(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "XONET_CACHE_DIR": str(tmp_path / "cache")}

    def xonet(*arguments):
        command = [sys.executable, "-m", "xonet", *arguments]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)

    first = xonet("warm")
    assert first.returncode == 0, first.stderr
    assert "compiling" in first.stderr and "kernels are ready" in first.stdout
    assert "compiling" not in xonet("warm").stderr
    trained = xonet("run", str(ROOT / "networks/xo.yaml"), "--set", "training.epochs=1", "--set", "expect={}")
    assert trained.returncode == 0 and "compiling" not in trained.stderr
