"""Real processes of real users: what the administrator compiled serves all, and what others planted does not run."""

from __future__ import annotations

import os
import resource
import shutil
import struct
import subprocess

import llvmlite.binding as llvm
import pytest

from tests.cli.conftest import SMALL
from tests.kernels.users import NOBODY, Machine
from xonet.kernels import kept, target
from xonet.kernels.loading import library

pytestmark = pytest.mark.slow

USERS = {"root": 0, "nobody": NOBODY}
EVIL = """
define void @"{name}"(i64* %arguments) {{
  %handle = call i32 @creat(i8* getelementptr inbounds ([{size} x i8], [{size} x i8]* @path, i64 0, i64 0), i32 420)
  ret void
}}
@path = private constant [{size} x i8] c"{path}\\00"
declare i32 @creat(i8*, i32)
"""
"""A kernel that writes a file where it is run."""
VICTIM = "xonet.kernels.normalization.measure"
ACL = struct.pack(
    "<I" + 5 * "HHI", 2, 1, 7, 2**32 - 1, 2, 7, 12345, 4, 5, 2**32 - 1, 16, 7, 2**32 - 1, 32, 5, 2**32 - 1
)
"""acl(5): owner rwx, user 12345 rwx, group r-x, mask rwx, others r-x."""


@pytest.fixture(scope="module")
def machine():
    machine = Machine()
    yield machine
    machine.remove()


@pytest.fixture(scope="module")
def network(machine):
    path = machine.root / "small.yaml"
    path.write_text(SMALL)
    return path


def trained(machine, network, user, **variables):
    """The bytes of the model that a run ends with, and what it said but for its epochs."""
    out = machine.home(user) / "out"
    done = machine.xonet(user, "run", network, "--out", out, "--overwrite", **variables)
    assert done.returncode == 0, done.stderr
    said = [line for line in done.stderr.splitlines() if not line.startswith("epoch")]
    return (out / "model.safetensors").read_bytes(), said


@pytest.fixture(scope="module")
def kernels(machine, network):
    """A folder with all that the network needs, one kernel compiled by root, and the model that comes out."""
    folder = machine.root / "kernels"
    machine.seed(folder, VICTIM)
    model, said = trained(machine, network, 0, XONET_CACHE_DIR=str(folder))
    assert len(said) == 1 and "compiling" in said[0]
    return folder, model


def planted(folder, marker):
    """A folder of kernels like this one, in which one writes a file when it is run."""
    (place,) = folder.iterdir()
    module = EVIL.format(name=VICTIM, path=marker, size=len(str(marker)) + 1)
    library()  # which has LLVM know this processor
    code = target.machine().emit_object(llvm.parse_assembly(module))
    assert (place / f"{VICTIM}.o").exists()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept, "digest", lambda: place.name)  # the copy's
        (place / f"{VICTIM}.o").write_bytes(kept._fingerprint(VICTIM, code) + code)


def made_open(kind, folder, user):
    """Make a folder of a user's one that others can change, in one of many ways; where it is now."""
    (place,) = folder.iterdir()
    for path in (folder.parent, folder, place, *place.iterdir()):
        os.chown(path, user, user)
    other = folder.parent / "other"
    if kind == "another user's":
        subprocess.run(["chown", "-R", "12345", folder], check=True)
    elif kind == "another user's files":
        for path in place.iterdir():
            os.chown(path, 12345, 12345)
    elif kind == "everybody's":
        folder.chmod(0o777)
    elif kind == "everybody's inside":
        place.chmod(0o777)
    elif kind == "in everybody's":
        folder.parent.chmod(0o777)
    elif kind == "another user's in a sticky one":
        subprocess.run(["chown", "-R", "12345", folder], check=True)
        folder.parent.chmod(0o1777)
    elif kind == "a link to everybody's":
        folder.rename(other)
        other.chmod(0o777)
        folder.symlink_to(other)
    elif kind == "a link inside":
        place.rename(other)
        other.chmod(0o777)
        place.symlink_to(other)
    elif kind == "a group's":
        os.chown(folder, user, 12345)
        folder.chmod(0o775)
    elif kind == "somebody's by an ACL":
        os.setxattr(folder, "system.posix_acl_access", ACL)
    elif kind == "files of everybody's":
        for path in place.iterdir():
            path.chmod(0o666)
    else:
        assert kind == "trusted"


KINDS = (
    "another user's", "another user's files", "everybody's", "everybody's inside", "in everybody's",
    "another user's in a sticky one", "a link to everybody's", "a link inside", "a group's", "somebody's by an ACL",
    "files of everybody's",
)  # fmt: skip


@pytest.mark.parametrize("whose", ["system", "own"])
@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("kind", ["trusted", *KINDS])
def test_what_others_planted_does_not_run(machine, network, kernels, kind, user, whose):
    """Not from the administrator's place, and not from the user's own one; what is right comes out, and why is told."""
    folder, model = kernels
    home = machine.root / "attacked"
    shutil.rmtree(home, ignore_errors=True)
    shutil.rmtree(machine.root / "var", ignore_errors=True)
    shutil.rmtree(machine.own(USERS[user]), ignore_errors=True)
    marker = machine.root / "tmp" / "ran"
    marker.parent.mkdir(exist_ok=True)
    marker.parent.chmod(0o1777)
    marker.unlink(missing_ok=True)
    attacked = home / "xonet" if whose == "own" else machine.system
    attacked.parent.mkdir(parents=True)
    good = machine.system if whose == "own" else machine.own(USERS[user])
    shutil.copytree(folder, attacked)
    shutil.copytree(folder, good)
    planted(attacked, marker)
    if whose == "own":  # where the administrator's place lacks a kernel, the user's own is looked at
        next(good.glob(f"*/{VICTIM}.o")).unlink()
    else:
        subprocess.run(["chown", "-R", str(USERS[user]), good], check=True)
    made_open(kind, attacked, USERS[user] if whose == "own" else 0)
    variables = {"XDG_CACHE_HOME": str(home)} if whose == "own" else {}
    if kind == "trusted":  # so that this test is known to see what it looks for
        machine.xonet(
            USERS[user], "run", network, "--out", machine.home(USERS[user]) / "out", "--overwrite", **variables
        )
        assert marker.exists()
        return
    found, said = trained(machine, network, USERS[user], **variables)
    assert found == model and not marker.exists()
    if whose == "own":
        (line,) = said
        reason = {"another user's files": "once", "files of everybody's": "once"}.get(kind, "and not kept: /tmp/")
        assert line.startswith(f"compiling kernels for this processor, {reason}")
    else:
        assert said == []


def test_what_the_administrator_warmed_serves_another_user(machine, network, kernels):
    shutil.rmtree(machine.root / "var", ignore_errors=True)
    shutil.rmtree(machine.own(NOBODY), ignore_errors=True)
    # what root has of its own is not enough: it must be where everybody can read it
    shutil.copytree(kernels[0], machine.own(0))
    machine.seed(machine.system, VICTIM)
    warmed = machine.xonet(0, "warm", umask=0o077)
    assert warmed.returncode == 0 and f"ready in {machine.system}" in warmed.stdout, warmed
    _, said = trained(machine, network, NOBODY)
    assert said == [] and not machine.own(NOBODY).exists()
    kernels = int(warmed.stdout.split()[0])
    first, second = machine.xonet(NOBODY, "cache").stdout.splitlines()
    assert first.startswith(f"{machine.system}: {kernels + 1} kernels for this installation, 0 for others")
    assert second == f"{machine.own(NOBODY)}: not used: does not exist"


@pytest.mark.parametrize("verb", ["validate", "run", "evaluate", "summary", "bench", "cache"])
def test_no_thread_can_be_started(machine, network, kernels, verb):
    """`ulimit -u 0`: what several threads would do, one does, and no library tells of those it could not start."""
    out = machine.home(NOBODY) / "alone"
    cache = {"XONET_CACHE_DIR": str(kernels[0])}  # root's, which everybody may read
    if verb == "evaluate":
        assert machine.xonet(NOBODY, "run", network, "--out", out, "--overwrite", **cache).returncode == 0
    more = {"run": ["--out", out, "--overwrite"], "evaluate": ["--out", out]}.get(verb, [])
    done = machine.xonet(
        NOBODY, verb, *([] if verb == "cache" else [network]), *more, limit=(resource.RLIMIT_NPROC, (0, 0)), **cache
    )
    if verb == "bench":  # it measures what each processor can do
        assert done.returncode == 2
        told = [line for line in done.stderr.splitlines() if not line.startswith("compiling ")]
        assert told == ["xonet: cannot start a thread; see `ulimit -u`"]
        return
    assert done.returncode == 0 and done.stdout, done
    assert "OpenBLAS" not in done.stderr and "Traceback" not in done.stderr
    if verb == "run":
        assert (out / "model.safetensors").read_bytes() == kernels[1]


@pytest.mark.parametrize("files", [8, 16, 32])
def test_few_files_may_be_open(machine, network, kernels, files):
    model, said = trained(
        machine, network, 0, limit=(resource.RLIMIT_NOFILE, (files, files)), XONET_CACHE_DIR=str(kernels[0])
    )
    assert model == kernels[1] and said == []


@pytest.mark.parametrize(
    ("home", "has"),
    [("{closed}", "none"), ("/nowhere", "all but one"), ("", "all but one"), ("/dev/null", "all but one")],
)
def test_nowhere_to_keep_kernels(machine, network, kernels, home, has):
    """What cannot be kept costs time: the same model comes out, and why is told once."""
    closed = machine.root / "closed"
    closed.mkdir(exist_ok=True)
    shutil.rmtree(machine.root / "var", ignore_errors=True)
    if has == "all but one":
        shutil.copytree(kernels[0], machine.system)
        next(machine.system.glob(f"*/{VICTIM}.o")).unlink()
    model, (line,) = trained(machine, network, NOBODY, HOME=home.format(closed=closed))
    assert model == kernels[1] and ", and not kept: " in line
