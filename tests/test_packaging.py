"""What is packed: the source distribution is whole, and the oldest versions that CI tests are the ones allowed."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
def test_the_source_distribution_holds_all_files(tmp_path):
    if not (ROOT / ".git").exists():
        pytest.skip("not a clone: git says which files there are")
    pytest.importorskip("build", reason="build is in the extra `test`")
    clone = tmp_path / "clone"
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    for name in tracked.rstrip("\0").split("\0"):
        (clone / name).parent.mkdir(parents=True, exist_ok=True)
        (clone / name).write_bytes((ROOT / name).read_bytes())
    done = subprocess.run(
        [sys.executable, "-m", "build", "--sdist", "--outdir", str(tmp_path)], cwd=clone, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    with tarfile.open(next(tmp_path.glob("*.tar.gz"))) as packed:
        held = {name.partition("/")[2] for name in packed.getnames()}
    assert set(tracked.rstrip("\0").split("\0")) - held == set()


def test_the_oldest_versions_are_the_lower_bounds():
    pinned = dict(
        line.split("==") for line in (ROOT / ".ci/oldest.txt").read_text().splitlines() if not line.startswith("#")
    )
    allowed = dict(re.findall(r'"([\w-]+)>=([\d.]+)"', (ROOT / "pyproject.toml").read_text().split("bench = ")[0]))
    del allowed["setuptools"]  # builds, and is not there at run time
    whole = {name: ".".join(([*version.split("."), "0", "0"])[:3]) for name, version in allowed.items()}
    assert pinned == whole
