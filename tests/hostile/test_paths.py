"""Paths of data that a stranger wrote: a line and a status each, whatever is there; nothing is waited for."""

from __future__ import annotations

import json
import os
import signal
import socket

import pytest

from xonet.cli import main

NETWORK = """\
xonet: 1
input: {{height: 9, width: 9}}
layers: [{{dense: {{units: 2}}}}]
output: {{classes: [X, O]}}
data: {{train: {source}, test: {{xo: {{count: 10, noise: 0.1}}}}}}
training: {{loss: cross_entropy, optimizer: {{sgd: {{learning_rate: 0.1}}}}, epochs: 1}}
"""
SOURCES = {
    "folder": "{{images: {{folder: {path}}}}}",
    "list": "{{images: {{list: {path}}}}}",
    "a list's entry": "{{images: {{list: entry.csv}}}}",
    "images": "{{idx: {{images: {path}, labels: labels}}}}",
    "labels": "{{idx: {{images: images, labels: {path}}}}}",
}
SYSTEM = (
    "/dev/zero", "/dev/null", "/dev/full", "/dev/tty", "/dev/stdin", "/dev/random", "/dev/fd", "/dev/fd/0", "/dev/mem",
    "/proc/kmsg", "/proc/self/mem", "/proc/self/environ", "/proc/self/fd", "/proc/kcore", "/proc/self/pagemap",
    "/proc/sys/kernel/random/uuid", "/proc/self/task", "/sys/kernel/debug", "/etc/shadow", "/etc/passwd", "/root", "/",
)  # fmt: skip
MADE = (
    "pipe", "socket", "link to a pipe", "link to zeros", "loop", "two loops", "folder loop", "nothing", "dangling",
    "file", "empty", "closed", "closed folder", "closed folder/x", "sparse", "huge list", "folder",
    "file/x", "long name",
)  # fmt: skip
WRITTEN = (
    "", ".", "..", "../..", "~", "~root", "$HOME", "`id`", "//server/share", "C:\\x", "a/../..", "\0", "a\0b", "\n",
    "\t", "\ud800", "é", "e\u0301", "*", "[", "-", "--help", "a" * 255, "a" * 256, "a/" * 3000, "x" * 100_000, "http://x/y",
    "file:///etc/passwd", "|id", "con", "nul", ".git", "\u200b", "\udcff",
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """All that there can be at a path."""
    root = tmp_path_factory.mktemp("paths")
    os.mkfifo(root / "pipe")
    listening = socket.socket(socket.AF_UNIX)
    before = os.getcwd()
    os.chdir(root)  # the name of a socket must be short
    listening.bind("socket")
    (root / "link to a pipe").symlink_to("pipe")
    (root / "link to zeros").symlink_to("/dev/zero")
    (root / "loop").symlink_to("loop")
    (root / "two loops").symlink_to("other loop")
    (root / "other loop").symlink_to("two loops")
    for name in ("folder loop", "folder", "closed folder"):
        (root / name).mkdir()
    (root / "folder loop" / "X").symlink_to(".")
    (root / "folder loop" / "O").symlink_to("../folder loop")
    (root / "dangling").symlink_to("not there")
    for name in ("file", "closed", "closed folder/x"):
        (root / name).write_text("what\n")
    (root / "empty").write_text("")
    with open(root / "sparse", "wb") as sparse:
        sparse.truncate(2**40)
    with open(root / "huge list", "wb") as huge:
        huge.write(b"a,X\n" * 10)
        huge.truncate(2**29)
    (root / "images").write_bytes(bytes([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 9, 0, 0, 0, 9]) + bytes(range(162)))
    (root / "labels").write_bytes(bytes([0, 0, 8, 1, 0, 0, 0, 2, 0, 1]))
    (root / "closed").chmod(0)
    (root / "closed folder").chmod(0)
    yield root
    (root / "closed folder").chmod(0o755)
    os.chdir(before)
    listening.close()


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("path", [*SYSTEM, *MADE, *WRITTEN], ids=lambda path: ascii(path)[:30])
def test_a_path(folder, monkeypatch, capsys, source, path):
    monkeypatch.chdir(folder)
    if source == "a list's entry":
        (folder / "entry.csv").write_bytes(f"{path},X\n{path},O\n".encode("utf-8", "surrogatepass"))
    written = json.dumps(path, ensure_ascii=True)
    text = NETWORK.format(source=SOURCES[source].format(path=written).replace("{{", "{").replace("}}", "}"))
    (folder / "net.yaml").write_text(text)

    def too_long(*_: object) -> None:
        raise TimeoutError("it hangs")

    before = signal.signal(signal.SIGALRM, too_long)
    try:
        said = []
        for verb in ("validate", "run"):
            signal.alarm(20)
            said.append(main([verb, "net.yaml", *(["--engine", "reference"] if verb == "run" else [])]))
            signal.alarm(0)
            out, err = capsys.readouterr()
            assert "Traceback" not in out + err and "root:" not in out + err
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
    assert said[0] == said[1] == 1
    assert not (folder / "runs").exists()
