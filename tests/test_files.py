"""Files are written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from xonet.files import BESIDE, remove_leftovers, same_file, write_whole


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
    monkeypatch.setattr(os, "access", lambda *_: True)  # as it is for root
    with pytest.raises(OSError, match="read-only"):
        write_whole(tmp_path / "read-only", "new")
    with pytest.raises(OSError, match="several names"):
        write_whole(tmp_path / "several", "new")
    made = os.stat

    def another(path: object, **named: object) -> os.stat_result:
        found = made(path, **named)  # type: ignore[arg-type]
        return os.stat_result([*found[:4], found.st_uid + (str(path).endswith("another's")), *found[5:]])

    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "stat", another)
    monkeypatch.setattr(os, "chown", refuse)
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
    (tmp_path / f"{BESIDE}dead").write_text("half")
    (tmp_path / f"{BESIDE}link").symlink_to("mine")
    (tmp_path / "mine").write_text("mine")
    fsync = os.fsync

    def tidy(handle: int) -> None:
        fsync(handle)
        remove_leftovers(tmp_path)  # while another is being written

    monkeypatch.setattr(os, "fsync", tidy)
    write_whole(tmp_path / "file", "new")
    assert names(tmp_path) == [f"{BESIDE}link", "file", "mine"] and (tmp_path / "file").read_text() == "new"
