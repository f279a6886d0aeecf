"""Compiled kernels on disk: filled by several at once, damaged, or not writable."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.command import ROOT, start, xonet
from xonet.kernels import kept

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
    assert "xonet.tile.o" in names and all(name.endswith(".o") for name in names)
    again = xonet(*RUN, "--out", "c", cwd=filled, env={"XONET_CACHE_DIR": "cache"})
    assert again.returncode == 0 and "compiling" not in again.stderr
    assert result(filled, "c")["seconds"]["compile"] == 0


def test_damaged_kernels_are_compiled_again(filled):
    files = sorted(filled.glob("cache/*/*.o"))
    chosen = [next(path for path in files if path.name == "xonet.tile.o"), *files[:3]]
    for path, end in zip(chosen, (5000, 0, -1, -100), strict=True):
        path.write_bytes(path.read_bytes()[:end])
        assert kept._whole(path, path.stem) is None
    run = xonet(*RUN, "--out", "d", cwd=filled, env={"XONET_CACHE_DIR": "cache"})
    assert run.returncode == 0 and "compiling kernels" in run.stderr
    assert result(filled, "d")["digest"] == result(filled, "a")["digest"]
    assert all(kept._whole(path, path.stem) is not None for path in chosen)


def test_numba_disable_jit_is_not_about_kernels(filled, tmp_path):
    cache = shutil.copytree(filled / "cache", tmp_path / "cache")
    first, *_ = (path for path in sorted(cache.glob("*/*.o")) if path.name != "xonet.tile.o")
    first.unlink()
    run = xonet(
        *RUN, "--out", tmp_path / "f", cwd=filled, env={"XONET_CACHE_DIR": str(cache), "NUMBA_DISABLE_JIT": "1"}
    )
    assert run.returncode == 0 and "compiling" in run.stderr and first.exists(), run.stderr


@pytest.mark.parametrize("name", ["nonsense", "i486"])
def test_a_processor_that_llvm_does_not_know(tmp_path, name):
    (tmp_path / "tiny.yaml").write_text(TINY)
    run = xonet(*RUN, cwd=tmp_path, env={"XONET_CACHE_DIR": "cache", "NUMBA_CPU_NAME": name})
    assert run.returncode == 2 and "Traceback" not in run.stderr
    assert f"xonet: NUMBA_CPU_NAME={name}" in run.stderr.splitlines()[-1]


def test_a_cache_that_is_not_to_be_trusted_is_told_and_not_used(filled, tmp_path):
    folder = tmp_path / "open"
    shutil.copytree(filled / "cache", folder)
    folder.chmod(0o777)
    run = xonet(*RUN, "--out", tmp_path / "e", cwd=filled, env={"XONET_CACHE_DIR": str(folder)})
    assert run.returncode == 0
    assert run.stderr.count(f"not kept: {folder} can be written by others") == 1
    assert result(tmp_path, "e")["digest"] == result(filled, "a")["digest"]


def test_validate_needs_no_kernels(tmp_path):
    run = xonet("validate", ROOT / "networks/xo.yaml", cwd=tmp_path, options=("-X", "importtime"))
    assert run.returncode == 0
    imported = {line.rsplit("|", 1)[1].strip() for line in run.stderr.splitlines() if line.startswith("import time:")}
    assert "xonet.network" in imported and not imported & {"numpy", "numba", "llvmlite", "PIL", "safetensors"}
