"""Files are written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from xonet.files import remove_leftovers, same_file, write_whole
from xonet.folders import open_folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_permissions_and_links_stay(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("old")
    (tmp_path / "file").chmod(0o640)
    (tmp_path / "link").symlink_to("file")
    write_whole(tmp_path / "link", "new \udcff")
    assert (tmp_path / "file").read_bytes() == b"new \xff" and (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o640
    assert names(tmp_path) == ["file", "link"]


def test_all_that_a_file_was_stays(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    if os.geteuid() == 0:
        os.chown(path, 12345, 54321)
    path.chmod(0o4751)
    try:
        os.setxattr(path, "user.note", b"mine")
    except OSError:
        pytest.skip("this file system has no attributes")
    before = path.stat()
    write_whole(path, "new")
    after = path.stat()
    assert path.read_text() == "new" and os.getxattr(path, "user.note") == b"mine"
    assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)


def test_what_cannot_stay_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("read-only", "several", "another's"):
        (tmp_path / name).write_text("old")
    (tmp_path / "read-only").chmod(0o444)
    os.link(tmp_path / "several", tmp_path / "names")
    with pytest.raises(OSError, match="read-only" if os.geteuid() == 0 else "denied"):
        write_whole(tmp_path / "read-only", "new")
    with pytest.raises(OSError, match="several names"):
        write_whole(tmp_path / "several", "new")
    fstat, number = os.fstat, (tmp_path / "another's").stat().st_ino

    def another(handle: int) -> os.stat_result:
        found = fstat(handle)
        return os.stat_result([*found[:4], found.st_uid + (found.st_ino == number), *found[5:10]])

    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "fstat", another)
    monkeypatch.setattr(os, "fchown", refuse)
    with pytest.raises(OSError, match="another user"):
        write_whole(tmp_path / "another's", "new")
    assert {(tmp_path / name).read_text() for name in names(tmp_path)} == {"old"} and len(names(tmp_path)) == 4


def test_a_failure_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("old")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left") as caught:
        write_whole(tmp_path / "file", "new")
    assert caught.value.filename == str(tmp_path / "file")
    assert (tmp_path / "file").read_text() == "old" and names(tmp_path) == ["file"]
    with pytest.raises(OSError, match="No space left"):
        write_whole(tmp_path / "other", "new", new=True)
    assert names(tmp_path) == ["file"]


def test_a_new_file_replaces_none(tmp_path: Path) -> None:
    write_whole(tmp_path / "file", "one", new=True)
    with pytest.raises(FileExistsError):
        write_whole(tmp_path / "file", "two", new=True)
    (tmp_path / "nowhere").symlink_to("missing")
    with pytest.raises(FileExistsError):
        write_whole(tmp_path / "nowhere", "two", new=True)
    assert (tmp_path / "file").read_text() == "one" and names(tmp_path) == ["file", "nowhere"]


@pytest.mark.parametrize("place", ["missing/file", "file/file", "folder"])
def test_no_place_is_named(place: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("old")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError) as caught:
        write_whole(tmp_path / place, "new")
    assert caught.value.filename == str(tmp_path / place)


def test_one_file_by_two_names(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    os.link(tmp_path / "file", tmp_path / "hard")
    (tmp_path / "soft").symlink_to("file")
    for other in ("hard", "soft", "./file", "../" + tmp_path.name + "/file"):
        assert same_file(tmp_path / "file", tmp_path / other)
    assert not same_file(tmp_path / "file", tmp_path / "missing")


def test_what_a_killed_process_left_is_removed_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dead, link, pipe = (f".xonet-{number:016x}.part" for number in range(3))
    (tmp_path / dead).write_text("half")
    (tmp_path / link).symlink_to("mine")
    os.mkfifo(tmp_path / pipe)
    for name in ("mine", ".xonet-notes", ".xonet-1.part"):
        (tmp_path / name).write_text("mine")
    fsync = os.fsync

    def tidy(handle: int) -> None:
        fsync(handle)
        with open_folder(tmp_path) as folder:
            remove_leftovers(folder)  # while another is being written

    monkeypatch.setattr(os, "fsync", tidy)
    write_whole(tmp_path / "file", "new")
    assert names(tmp_path) == sorted([link, pipe, "mine", ".xonet-notes", ".xonet-1.part", "file"])
    assert (tmp_path / "file").read_text() == "new"


@pytest.mark.parametrize("through", [True, False])
def test_the_next_process_removes_what_one_that_was_killed_had_written(tmp_path: Path, through: bool) -> None:
    dead = tmp_path / f".xonet-{0:016x}.part"
    dead.write_text("half")
    write_whole(tmp_path / "file", "new", through=through)
    assert names(tmp_path) == ["file"]


def test_a_pipe_that_nobody_reads_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="a pipe that nobody reads"):
        write_whole(tmp_path / "pipe", "new")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    write_whole(tmp_path / "pipe", "new")
    assert os.read(reader, 10) == b"new"
    os.close(reader)


@pytest.mark.parametrize("path", ["link", "folder/file", "dangling", "folder/missing", "chain"])
def test_a_link_leads_out_of_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    outside, here = tmp_path / "outside", tmp_path / "here"
    outside.mkdir()
    (outside / "file").write_text("mine")
    here.mkdir()
    (here / "link").symlink_to("../outside/file")
    (here / "chain").symlink_to("link")
    (here / "dangling").symlink_to("../outside/new")
    (here / "folder").symlink_to(outside)
    monkeypatch.chdir(here)
    for place in (path, here / path):
        with pytest.raises(OSError, match="is a link that leads to"):
            write_whole(place, "new")
    with pytest.raises(OSError):
        write_whole(path, "new", new=True)
    assert names(outside) == ["file"] and (outside / "file").read_text() == "mine"


def test_a_folder_that_becomes_a_link_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outside, folder, fsync = tmp_path / "outside", tmp_path / "here" / "folder", os.fsync
    outside.mkdir()
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder.parent)

    def swap(handle: int) -> None:
        fsync(handle)
        folder.rename("moved")
        folder.symlink_to(outside)

    monkeypatch.setattr(os, "fsync", swap)
    write_whole("folder/file", "new")
    assert not names(outside) and (tmp_path / "here" / "moved" / "file").read_text() == "new"
