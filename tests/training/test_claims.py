"""Whose a folder of results is, on every kind of file system."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import platform
import shutil
import stat
import subprocess
import sys

import pytest

from xonet.arrays import write_whole
from xonet.folders import remove
from xonet.training.claims import Claim, Claims, free, holder

SIGN = f".xonet-{0:016x}.run"


@pytest.fixture(params=["every lock", "no locks of folders", "no locks"])
def locks(request, monkeypatch):
    """What the file system has; NFS has none of folders, and none at all where its daemon is not there."""
    flock = fcntl.flock

    def fails(handle: int, operation: int) -> None:
        if request.param == "no locks" or stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(*((errno.ENOLCK, "No locks available") if operation & fcntl.LOCK_NB else (errno.EBADF, "")))
        flock(handle, operation)

    if request.param != "every lock":
        monkeypatch.setattr(fcntl, "flock", fails)
    return request.param


def sign(folder, **who):
    """What a process wrote that held no lock, or holds it no more."""
    folder.mkdir(exist_ok=True)
    (folder / SIGN).write_text(json.dumps({"pid": 1, "host": platform.node(), "since": "2025-01-02 03:04:05", **who}))


def test_a_folder_belongs_to_one_at_a_time(tmp_path, locks, monkeypatch):
    claim = Claim(tmp_path / "run")
    claim.take()
    pid = os.getpid()
    monkeypatch.setattr(os, "getpid", lambda: pid + 1)  # another process, as far as it can see
    monkeypatch.setattr(os, "kill", lambda *_: None)
    assert Claims().take(tmp_path / "run") is None and not free(tmp_path / "run")
    said = f"another run (process {os.getpid() - 1} on {platform.node()}, since 20"
    assert holder(tmp_path / "run").startswith(said)
    claim.close()
    assert free(tmp_path / "run")
    second = Claims().take(tmp_path / "run")
    assert second
    second.close()
    assert not (tmp_path / "run").exists()


def test_a_dead_process_holds_nothing(tmp_path, locks):
    code = "import os, sys; from pathlib import Path; from xonet.training.claims import Claim; "
    code += "Claim(Path(sys.argv[1])).take(); print(os.getpid()); sys.stdout.flush(); os.kill(os.getpid(), 9)"
    dead = subprocess.run([sys.executable, "-c", code, tmp_path / "run"], stdout=subprocess.PIPE, check=False)
    (left,) = (tmp_path / "run").iterdir()
    assert json.loads(left.read_text())["pid"] == int(dead.stdout)
    assert free(tmp_path / "run")
    claim = Claims().take(tmp_path / "run")
    assert claim and (left.exists() == (locks == "no locks"))
    claim.close()


@pytest.mark.parametrize(
    ("who", "held"),
    [
        ({}, True),
        ({"host": "elsewhere"}, False),
        ({"pid": 2**22 + 1}, False),
        ({"pid": 0}, False),
        ({"pid": "1"}, False),
    ],
    ids=str,
)
def test_without_locks_a_process_of_this_machine_is_asked(tmp_path, monkeypatch, who, held):
    def fails(*_: object) -> None:
        raise OSError(errno.EOPNOTSUPP, "Operation not supported")

    monkeypatch.setattr(fcntl, "flock", fails)
    sign(tmp_path / "run", **who)
    assert free(tmp_path / "run") is not held
    claim = Claims().take(tmp_path / "run")
    assert (claim is None) is held
    if claim:
        claim.close()
    else:
        assert holder(tmp_path / "run").endswith(f"(process 1 on {platform.node()}, since 2025-01-02 03:04:05)")
        assert [path.name for path in (tmp_path / "run").iterdir()] == [SIGN]


@pytest.mark.parametrize(
    "what", ["", "[", "[1]", "{}", "[" * 900, '{"pid": 1e99}', "pipe", "folder", "link", "endless"]
)
def test_what_lies_there_instead_of_a_sign(tmp_path, what, locks):
    (tmp_path / "run").mkdir()
    path = tmp_path / "run" / SIGN
    if what == "pipe":
        os.mkfifo(path)
    elif what == "folder":
        path.mkdir()
    elif what in ("link", "endless"):
        path.symlink_to("/dev/zero" if what == "endless" else tmp_path / "mine")
        (tmp_path / "mine").write_text('{"pid": 1}')
    else:
        path.write_text(what)
    assert holder(tmp_path / "run") == "another run" and free(tmp_path / "run")
    claim = Claims().take(tmp_path / "run")
    assert claim
    claim.close()
    assert what != "link" or (tmp_path / "mine").read_text() == '{"pid": 1}'


def test_a_text_that_is_no_name_of_a_machine_is_shown_on_one_line(tmp_path):
    sign(tmp_path / "run", host="a\n::error::b" + "x" * 500)
    with open(tmp_path / "run" / SIGN) as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        said = holder(tmp_path / "run")
    assert said.isprintable() and len(said) < 100


def test_a_folder_that_is_moved_away_says_no_more_whose_it_is(tmp_path):
    claim = Claim(tmp_path / "run")
    claim.take()
    (tmp_path / "run").rename(tmp_path / "moved")
    claim.keep()
    assert claim.holds and not free(tmp_path / "run") and not list((tmp_path / "moved").iterdir())
    claim.close()


@pytest.mark.parametrize("change", [lambda path: write_whole(path, "ours"), remove])
@pytest.mark.parametrize("inner", ["", "unfinished"])
def test_what_took_its_place_between_a_look_and_a_write_stays(tmp_path, change, inner):
    claim, path = Claim(tmp_path / "run"), tmp_path / "run" / inner / "history.jsonl"
    claim.take()
    claim.keep()
    (tmp_path / "run").rename(tmp_path / "moved")
    with contextlib.suppress(FileNotFoundError):
        change(path)
    assert not (tmp_path / "run").exists(), "made without a lock, it would be anybody's"
    path.parent.mkdir(parents=True)
    path.write_text("theirs")
    with pytest.raises(OSError, match="something else is in its place"):
        change(path)
    assert path.read_text() == "theirs" and [one.name for one in path.parent.iterdir()] == [path.name]
    shutil.rmtree(tmp_path / "run")
    claim.keep()
    change(path)
    assert path.exists() == (change is not remove)
    claim.close()
    change(path)
