"""Kernels on disk: whole, of the right name, in a folder that nobody else can write; or they are not run."""

from __future__ import annotations

import os
import random
import shutil
import struct
import sys
import time
from pathlib import Path

import pytest

from xonet.kernels import compiling, kept, target
from xonet.kernels.elementwise import add

NAME = add.name


@pytest.fixture(scope="module")
def code() -> bytes:
    return compiling.compile_kernel(add)


@pytest.fixture
def cache(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("XONET_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def file(cache: Path, name: str = NAME) -> Path:
    return cache / kept.digest() / f"{name}.o"


def test_kept_and_read(cache, code):
    assert kept.read(NAME) is None
    kept.keep(NAME, code)
    assert kept.read(NAME) == code
    assert [path.name for path in file(cache).parent.iterdir()] == [f"{NAME}.o"]


def test_permissions_are_those_of_the_umask(cache, code):
    mask = os.umask(0o022)
    try:
        kept.keep(NAME, code)
        assert file(cache).stat().st_mode & 0o777 == 0o644
        os.umask(0)
        kept.keep("other", code)
        assert file(cache, "other").stat().st_mode & 0o022 == 0
    finally:
        os.umask(mask)
    assert cache.stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("mask", [0, 0o002, 0o022, 0o077, 0o777], ids="{:03o}".format)
def test_what_is_for_everybody_can_be_read_by_everybody(monkeypatch, tmp_path, code, mask):
    monkeypatch.setattr(kept, "SYSTEM", tmp_path / "var" / "cache" / "xonet")
    before = os.umask(mask)
    try:
        kept.keep(NAME, code, kept.SYSTEM)
    finally:
        os.umask(before)
    path = file(kept.SYSTEM)
    assert path.stat().st_mode & 0o777 == 0o644
    for place in (path.parent, *path.parent.parents[:3]):
        assert place.stat().st_mode & 0o777 == 0o755


def damaged(code: bytes, rng: random.Random) -> bytes:
    """Something that is not quite an object file."""
    kind = rng.randrange(6)
    if kind == 0:
        return code[: rng.randrange(len(code))]
    if kind == 1:
        return rng.randbytes(rng.choice([0, 1, 63, 64, 65, 5000]))
    if kind == 2:
        return b"\x7fELF" + rng.randbytes(rng.randrange(5000))
    if kind == 3:
        return b"\0" * rng.randrange(5000)
    place = rng.randrange(64 if kind == 4 else len(code))
    return code[:place] + bytes([code[place] ^ 1 << rng.randrange(8)]) + code[place + 1 :]


def test_damaged_files_are_not_read(cache, code):
    kept.keep(NAME, code)
    whole, rng = file(cache).read_bytes(), random.Random(0)
    for _ in range(200):
        file(cache).write_bytes(damaged(whole, rng))
        assert kept.read(NAME) in (None, code)


def test_what_is_no_object_is_not_read_behind_a_right_fingerprint(cache, code):
    kept.keep(NAME, code)
    rng, cut = random.Random(1), [code[:n] for n in range(0, len(code), 97)]
    for wrong in [
        *cut,
        b"",
        b"no object",
        b"\x7fELF",
        bytes(5000),
        rng.randbytes(5000),
        code[:18] + b"\0\0" + code[20:],
    ]:
        file(cache).write_bytes(kept._fingerprint(NAME, wrong) + wrong)
        assert kept.read(NAME) is None


def test_a_kernel_in_the_place_of_another(cache, code):
    kept.keep("another", code)
    file(cache, "another").rename(file(cache))
    assert kept.read(NAME) is None


def test_what_defines_another_name_is_not_read_behind_a_right_fingerprint(cache, code):
    kept.keep("another", code)
    assert file(cache, "another").exists() and kept.read("another") is None


def test_a_file_that_another_installation_wrote(cache, code, monkeypatch):
    kept.keep(NAME, code)
    monkeypatch.setattr(kept, "digest", lambda: "0" * 24)
    shutil.copytree(next(cache.iterdir()), cache / kept.digest())
    assert file(cache).exists() and kept.read(NAME) is None


def sections(code: bytes) -> list[int]:
    """Where the header of each section of an ELF file begins."""
    (table,), (count,) = struct.unpack_from("=Q", code, 40), struct.unpack_from("=H", code, 60)
    return [table + 64 * n for n in range(1, count)]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have other object files")
@pytest.mark.parametrize(
    ("field", "value"),
    [(0, 2**31), (8, 0x400), (24, 2**40), (32, 2**40), (40, 60_000), (48, 3), (48, 2**20)],
    ids=["name", "thread-local", "start", "size", "link", "alignment", "large alignment"],
)
def test_headers_of_sections_that_lead_nowhere(cache, code, field, value):
    for place in sections(code):
        kind = "=I" if field in (0, 40) else "=Q"
        wrong = bytearray(code)
        struct.pack_into(kind, wrong, place + field, value)
        file(cache).parent.mkdir(parents=True, exist_ok=True)
        file(cache).write_bytes(kept._fingerprint(NAME, bytes(wrong)) + wrong)
        assert kept.read(NAME) is None


@pytest.mark.parametrize("what", ["pipe", "link to zeros", "link to a kernel", "folder", "sparse", "written by all"])
def test_what_is_no_plain_file(cache, code, what, tmp_path):
    kept.keep(NAME, code)
    (tmp_path / "kernel").write_bytes(file(cache).read_bytes())
    if what == "written by all":
        file(cache).chmod(0o666)
    else:
        file(cache).unlink()
    if what == "pipe":
        os.mkfifo(file(cache))
    elif what == "folder":
        file(cache).mkdir()
    elif what == "sparse":
        with open(file(cache), "wb") as sparse:
            sparse.truncate(2**40)
    elif what.startswith("link"):
        file(cache).symlink_to("/dev/zero" if "zeros" in what else tmp_path / "kernel")
    assert kept.read(NAME) is None


@pytest.mark.parametrize(
    "who", ["another user's", "everybody's", "a group's", "in everybody's", "a link to everybody's"]
)
def test_a_folder_that_others_can_write_is_not_used(cache, code, who, monkeypatch, tmp_path):
    kept.keep(NAME, code)
    if who == "another user's":
        monkeypatch.setattr(os, "geteuid", lambda: 12345)
        if os.getuid() == 0:  # what is the administrator's may be used by all
            os.chown(cache, 54321, 54321)
    elif who == "everybody's":
        cache.chmod(0o777)
    elif who == "a group's":
        monkeypatch.setattr(kept, "_own", lambda group: False)
        file(cache).parent.chmod(0o775)
    elif who == "in everybody's":
        tmp_path.chmod(0o777)
    else:
        (tmp_path / "open").mkdir()
        (tmp_path / "open").chmod(0o777)
        cache.rename(tmp_path / "open" / "cache")
        cache.symlink_to(tmp_path / "open" / "cache")
    assert kept.read(NAME) is None and kept.not_kept()
    before = file(cache).stat().st_mtime_ns
    kept.keep(NAME, code)
    assert file(cache).stat().st_mtime_ns == before


def test_a_link_that_is_changed_after_the_look(cache, code, monkeypatch, tmp_path):
    """Between the look whether a folder can be trusted and the reading, a link may be made to lead elsewhere."""
    kept.keep(NAME, code)
    for name in ("good", "planted"):
        shutil.copytree(cache, tmp_path / name)
    evil = b"\x7fELF" + code[4:-1] + b"?"
    file(tmp_path / "planted").write_bytes(kept._fingerprint(NAME, evil) + evil)
    shutil.rmtree(cache)
    cache.symlink_to(tmp_path / "good")
    look = kept.distrusted

    def looked(folder):
        said = look(folder)
        cache.unlink()
        cache.symlink_to(tmp_path / "planted")
        return said

    monkeypatch.setattr(kept, "distrusted", looked)
    assert kept.read(NAME) == code


def test_a_sticky_folder_above_is_fine(cache, code, tmp_path):
    tmp_path.chmod(0o1777)
    kept.keep(NAME, code)
    assert kept.read(NAME) == code


def test_the_administrators_folder_is_looked_at_first(monkeypatch, tmp_path, code):
    monkeypatch.delenv("XONET_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(kept, "SYSTEM", tmp_path / "system")
    kept.keep(NAME, code, kept.SYSTEM)
    assert file(kept.SYSTEM).exists() and kept.read(NAME) == code
    file(kept.SYSTEM).unlink()
    kept.keep(NAME, code)
    assert file(tmp_path / "home" / "xonet").exists() and kept.read(NAME) == code


@pytest.mark.parametrize("place", ["file", "file/deeper", "/proc/nowhere"])
def test_a_cache_that_cannot_be_written_is_told(tmp_path, monkeypatch, code, place):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XONET_CACHE_DIR", place if place.startswith("/") else str(tmp_path / place))
    kept.keep(NAME, code)
    assert kept.read(NAME) is None
    assert kept.not_kept().startswith(str(kept.user_folder()))


def test_a_write_that_fails_leaves_nothing(cache, code):
    file(cache).mkdir(parents=True)
    kept.keep(NAME, code)
    assert [path.name for path in file(cache).parent.iterdir()] == [f"{NAME}.o"]


def test_a_user_without_a_home(monkeypatch, code):
    def homeless() -> None:
        raise RuntimeError("Could not determine home directory.")

    for name in ("XONET_CACHE_DIR", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(kept.Path, "home", homeless)
    monkeypatch.setattr(kept, "SYSTEM", Path("/nowhere"))
    kept.keep(NAME, code)
    assert kept.read(NAME) is None and kept.not_kept()


def test_what_is_unused_for_a_month_is_removed(cache, code):
    kept.keep(NAME, code)
    old, new, other = cache / ("0" * 24), cache / ("1" * 24), cache / "other"
    for folder in (old, new, other):
        folder.mkdir()
    month = time.time() - 31 * 24 * 3600
    for place in (old, other, file(cache).parent):
        os.utime(place, (month, month))
    kept.remove_unused(cache)
    assert not old.exists() and new.exists() and other.exists()
    assert kept.read(NAME) == code and file(cache).parent.stat().st_mtime > month + 3600
    assert kept.clear(cache) == 2 and other.exists()


def test_settings_of_numba_that_change_code_change_the_digest(monkeypatch):
    kept.digest.cache_clear()
    before = kept.digest()
    for name, same in (("NUMBA_OPT", False), ("NUMBA_SLP_VECTORIZE", False), ("NUMBA_NUM_THREADS", True)):
        monkeypatch.setenv(name, "0")
        kept.digest.cache_clear()
        assert (kept.digest() == before) is same
        monkeypatch.delenv(name)
    kept.digest.cache_clear()


def test_this_processor_is_known():
    target._check(*target.processor())
