"""Compiled kernels on disk: filled by several at once, damaged, or not writable."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.command import ROOT, start, xonet
from xonet.kernels import loading

TINY = """\
xonet: 1
input: {height: 9, width: 9}
layers: [{dense: {units: 2}}]
output: {classes: [X, O]}
data: {train: {xo: {count: 200}}, test: {xo: {count: 50, seed: 1}}}
training: {loss: cross_entropy, optimizer: {sgd: {learning_rate: 0.1}}, epochs: 2}
"""
RUN = ["run", "tiny.yaml"]


def result(folder, out):
    return json.loads(Path(folder, out, "result.json").read_text())


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A working folder whose kernel cache two processes have filled at once."""
    folder = tmp_path_factory.mktemp("filled")
    (folder / "tiny.yaml").write_text(TINY)
    both = [start(*RUN, "--out", out, cwd=folder, env={"XONET_CACHE_DIR": "cache"}) for out in ("a", "b")]
    for process in both:
        _, err = process.communicate(timeout=120)
        assert process.returncode == 0 and err.count("compiling ") == 1, "one line, though they come in two parts"
    return folder


def test_two_processes_fill_a_cache_at_once(filled):
    first, second = result(filled, "a"), result(filled, "b")
    assert first["digest"] == second["digest"]
    for seconds in (first["seconds"], second["seconds"]):
        assert 0.1 < seconds["compile"] and seconds["compile"] + seconds["train"] < seconds["total"]
    names = [path.name for path in filled.glob("cache/*/*")]
    assert "xonet.tiles.o" in names and all(name.endswith(".o") for name in names)
    again = xonet(*RUN, "--out", "c", cwd=filled, env={"XONET_CACHE_DIR": "cache"})
    assert again.returncode == 0 and "compiling" not in again.stderr
    assert result(filled, "c")["seconds"]["compile"] == 0


def test_damaged_kernels_are_compiled_again(filled):
    files = sorted(filled.glob("cache/*/*.o"))
    chosen = [next(path for path in files if path.name == "xonet.tiles.o"), *files[:3]]
    for path, end in zip(chosen, (5000, 0, -1, -100), strict=True):
        path.write_bytes(path.read_bytes()[:end])
        assert loading._read(path) is None
    run = xonet(*RUN, "--out", "d", cwd=filled, env={"XONET_CACHE_DIR": "cache"})
    assert run.returncode == 0 and "compiling kernels" in run.stderr
    assert result(filled, "d")["digest"] == result(filled, "a")["digest"]
    assert all(loading._read(path) is not None for path in chosen)


@pytest.mark.parametrize("place", ["small.yaml", "small.yaml/deeper", "/proc/nowhere"])
def test_a_cache_that_cannot_be_written(tmp_path, monkeypatch, place):
    (tmp_path / "small.yaml").write_text("")
    monkeypatch.setenv("XONET_CACHE_DIR", place if place.startswith("/") else str(tmp_path / place))
    folder = loading.cache_folder() / "abc"
    loading._keep(folder, "name.o", b"code")
    assert loading._read(folder / "name.o") is None


def test_kept_and_read(tmp_path):
    loading._keep(tmp_path / "new", "name.o", b"code")
    assert loading._read(tmp_path / "new/name.o") == b"code"
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["name.o"]
    (tmp_path / "new/name.o").write_bytes(b"code")
    assert loading._read(tmp_path / "new/name.o") is None


def test_a_write_that_fails_leaves_nothing(tmp_path, monkeypatch):
    (tmp_path / "name.o").mkdir()
    loading._keep(tmp_path, "name.o", b"code")
    assert [path.name for path in tmp_path.iterdir()] == ["name.o"]


def test_a_user_without_a_home(monkeypatch):
    def homeless() -> None:
        raise RuntimeError("Could not determine home directory.")

    for name in ("XONET_CACHE_DIR", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(loading.Path, "home", homeless)
    loading._keep(loading.cache_folder(), "name.o", b"code")
    assert loading._read(loading.cache_folder() / "name.o") is None


def test_validate_needs_no_kernels(tmp_path):
    run = xonet("validate", ROOT / "networks/xo.yaml", cwd=tmp_path, options=("-X", "importtime"))
    assert run.returncode == 0
    imported = {line.rsplit("|", 1)[1].strip() for line in run.stderr.splitlines() if line.startswith("import time:")}
    assert "xonet.network" in imported and not imported & {"numpy", "numba", "llvmlite", "PIL", "safetensors"}
