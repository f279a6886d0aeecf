"""Paths that are no files: one line and status 2, or nothing but what is really there."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from tests.hostile.limited import SECONDS, Outcome, validate
from tests.hostile.test_files import VALID, is_kept_within_limits
from xonet.network import check


def is_one_line(outcome: Outcome, *words: str) -> None:
    is_kept_within_limits(outcome)
    assert outcome.status == 2
    lines = outcome.err.splitlines()
    assert len(lines) == 1, outcome.err
    assert lines[0].startswith("xonet: ")
    assert all(word in lines[0] for word in words), lines


def test_a_link_to_itself(tmp_path: Path) -> None:
    (tmp_path / "net.yaml").symlink_to("net.yaml")
    is_one_line(validate("net.yaml", cwd=tmp_path), "net.yaml", "symbolic links")


def test_a_link_to_nothing(tmp_path: Path) -> None:
    (tmp_path / "net.yaml").symlink_to("gone.yaml")
    is_one_line(validate("net.yaml", cwd=tmp_path), "net.yaml", "No such file")


def test_folders_that_loop(tmp_path: Path) -> None:
    (tmp_path / "nets").mkdir()
    (tmp_path / "nets" / "net.yaml").write_text(VALID)
    (tmp_path / "nets" / "again").symlink_to(tmp_path / "nets")
    (tmp_path / "nets" / "loop.yaml").symlink_to("loop.yaml")
    outcome = validate("nets", cwd=tmp_path)
    is_kept_within_limits(outcome)
    assert outcome.status == 0
    assert outcome.out == "nothing wrong in 1 file\n"


def test_a_folder_named_like_a_file(tmp_path: Path) -> None:
    (tmp_path / "net.yaml").mkdir()
    is_one_line(validate("net.yaml", cwd=tmp_path), "net.yaml", "folder")
    (tmp_path / "net.yaml" / "inner.yaml").write_text(VALID)
    assert validate(".", cwd=tmp_path).out == "nothing wrong in 1 file\n"


def test_a_pipe_without_a_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "net.yaml")
    is_one_line(validate("net.yaml", cwd=tmp_path), "net.yaml", "pipe")
    is_one_line(validate(".", cwd=tmp_path), "no .yaml or .yml file")


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/dev/tty"])
def test_a_device(device: str, tmp_path: Path) -> None:
    is_one_line(validate(device, cwd=tmp_path), device)


def test_no_permission(tmp_path: Path) -> None:
    (tmp_path / "net.yaml").write_text(VALID)
    (tmp_path / "net.yaml").chmod(0)
    if os.access(tmp_path / "net.yaml", os.R_OK):
        pytest.skip("this user may read everything")
    is_one_line(validate("net.yaml", cwd=tmp_path), "Permission denied")


def test_a_name_that_is_too_long(tmp_path: Path) -> None:
    is_one_line(validate("a" * 5000, cwd=tmp_path), "too long")


def test_endless_standard_input(tmp_path: Path) -> None:
    outcome = validate("-", cwd=tmp_path, stdin=b"a: 1\n" * 4_000_000)
    is_kept_within_limits(outcome)
    assert "error[too-long]" in outcome.out


def test_a_file_that_changes_while_it_is_read(tmp_path: Path) -> None:
    path, stop = tmp_path / "net.yaml", threading.Event()
    path.write_text(VALID)

    def change() -> None:
        while not stop.is_set():
            path.write_text(VALID[: len(VALID) // 2])
            path.write_text(VALID.replace("dense", "conv3d") * 3)
            path.write_bytes(b"\xff" * 10_000)

    writer = threading.Thread(target=change)
    writer.start()
    try:
        for _ in range(200):
            assert isinstance(check(path)[1], list)
        is_kept_within_limits(validate("net.yaml", cwd=tmp_path))
    finally:
        stop.set()
        writer.join(SECONDS)


def test_nothing_is_run_written_or_asked_for(tmp_path: Path) -> None:
    marker = tmp_path / "owned"
    text = VALID + "".join(
        f"k{n}: {value}\n"
        for n, value in enumerate(
            [
                f"!!python/object/apply:os.system ['touch {marker}']",
                f"!!python/object/new:subprocess.Popen [[touch, {marker}]]",
                "!!python/name:os.system",
                "!!python/module:antigravity",
                "!<tag:yaml.org,2002:python/object/apply:eval> ['1']",
                "{__class__: os, __reduce__: [os.system, touch]}",
                '"{0.__class__.__init__.__globals__}"',
                "$(touch owned)",
            ]
        )
    )
    text = text.replace("{xo: {count: 4}}", "{images: {folder: 'http://localhost:1/a'}}")
    (tmp_path / "net.yaml").write_text(text)
    outcome = validate("net.yaml", cwd=tmp_path)
    is_kept_within_limits(outcome)
    assert outcome.status == 1
    assert outcome.out.count("error[tag]") == 1 and "the same in 4 more places" in outcome.out
    assert [entry.name for entry in tmp_path.iterdir()] == ["net.yaml"]
