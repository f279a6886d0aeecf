"""Another user, for tests that the administrator runs: a process of nobody's, and what it may reach."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from functools import cache
from pathlib import Path

import pytest

import xonet
from tests.command import TIMEOUT_SECONDS
from tests.seeding import seed

NOBODY = 65534
PACKAGES = sysconfig.get_path("purelib")


def run(python, *arguments, user, umask=0o022, limit=None, **variables):
    """A finished process of a user's own, which has nothing of the environment of this one."""
    env = {"PATH": os.environ.get("PATH", ""), "PYTHONDONTWRITEBYTECODE": "1", **variables}
    return subprocess.run(
        [python, *map(str, arguments)], env=env, user=user, group=user, extra_groups=[], umask=umask, cwd="/",
        capture_output=True, text=True, check=False, timeout=TIMEOUT_SECONDS,
        preexec_fn=lambda: resource.setrlimit(*limit) if limit else None,
    )  # fmt: skip


@cache
def python():
    """A Python of this version that nobody may run, and that finds what xonet needs; skips where there is none."""
    if getattr(os, "geteuid", lambda: 1)() != 0:
        pytest.skip("only the administrator can be another user, too")
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    for found in (sys.executable, f"/usr/bin/{version}", f"/usr/local/bin/{version}"):
        try:
            if run(found, "-c", "import numba, yaml", user=NOBODY, PYTHONPATH=PACKAGES).returncode == 0:
                return found
        except OSError:
            continue
    return pytest.skip("no Python that nobody may run, too")


class Machine:
    """A copy of xonet that everybody may run, with its own folder for the administrator's kernels, and two homes."""

    def __init__(self):
        self.python = python()
        self.root = Path(tempfile.mkdtemp(dir="/tmp"))
        self.root.chmod(0o755)
        self.system = self.root / "var" / "cache" / "xonet"
        shutil.copytree(Path(xonet.__file__).parent, self.root / "lib" / "xonet")
        kept = self.root / "lib" / "xonet" / "kernels" / "kept.py"
        text = kept.read_text(encoding="utf-8")
        assert text.count('Path("/var/cache/xonet")') == 1
        kept.write_text(text.replace('Path("/var/cache/xonet")', f"Path({str(self.system)!r})"), encoding="utf-8")
        subprocess.run(["chmod", "-R", "u=rwX,go=rX", self.root / "lib"], check=True)
        for user in (0, NOBODY):
            self.home(user).mkdir(parents=True)
            os.chown(self.home(user), user, user)

    def home(self, user):
        return self.root / "home" / str(user)

    def seed(self, folder, *but):
        """Fill a folder with the kernels that are compiled already, but for some."""
        digest = self.python_of(0, "-c", "from xonet.kernels import kept; print(kept.digest())").stdout.strip()
        seed(digest, folder, but)

    def own(self, user):
        """The folder of a user's own kernels."""
        return self.home(user) / ".cache" / "xonet"

    def python_of(self, user, *arguments, umask=0o022, limit=None, **variables):
        path = f"{self.root / 'lib'}:{PACKAGES}"
        return run(
            self.python,
            *arguments,
            user=user,
            umask=umask,
            limit=limit,
            PYTHONPATH=path,
            **{"HOME": str(self.home(user)), **variables},
        )

    def xonet(self, user, *arguments, **more):
        return self.python_of(user, "-m", "xonet", *arguments, **more)

    def remove(self):
        shutil.rmtree(self.root)
