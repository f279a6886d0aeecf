"""Every network that needs data from elsewhere runs, on a slice: a few pictures drawn at random, and one epoch.

What they score on the whole of it, `.ci/run` finds out where the data is there.
"""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.command import ROOT, xonet
from xonet.data import SOURCES
from xonet.network import Network, check

NETWORKS = ROOT / "networks"


def networks_of_folders() -> dict[str, Network]:
    """Those that learn from a folder of pictures for each class, which nobody has from the repository alone."""
    networks = [network for path in NETWORKS.glob("*.yaml") if (network := check(path, sees_data=False)[0])]
    trained = [network for network in networks if network.document.data and network.document.data.train]
    return {
        network.name: network
        for network in trained
        if SOURCES.word(network.document.data.train) == "images" and network.document.data.train.folder
    }


FOLDERS = networks_of_folders()


def draw(folder: Path, classes: tuple[str, ...], shape: tuple[int, int, int], count: int) -> None:
    """So many pictures of each class, of random pixels."""
    random = np.random.default_rng(0)
    for name in classes:
        (folder / name).mkdir(parents=True)
        for number in range(count):
            pixels = random.integers(0, 256, shape, np.uint8)
            Image.fromarray(pixels[:, :, 0] if shape[2] == 1 else pixels).save(folder / name / f"{number}.png")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """What takes the place of networks/: data are beside it."""
    folder = tmp_path / "networks"
    folder.mkdir()
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(FOLDERS))
def test_a_folder(name: str, root: Path, tmp_path: Path) -> None:
    network = FOLDERS[name]
    data = network.document.data
    for source, count in ((data.train, 3), (data.test, 1)):
        draw(root / source.folder, network.classes, tuple(network.shape), count)
    changes = "--set", "training.epochs=1", "--set", "training.batch_size=8"
    run = xonet("run", NETWORKS / f"{name}.yaml", *changes, "--data-root", root, cwd=tmp_path)
    assert run.returncode == 0, run.stdout + run.stderr
    assert np.isfinite(json.loads((tmp_path / f"runs/{name}/result.json").read_text())["test"]["loss"])


@pytest.mark.parametrize("name", ["multi_label", "regression"])
def test_drawn_shapes(name: str, root: Path, tmp_path: Path) -> None:
    """As the files say: the pictures are drawn by a script, and the network learns what it promises."""
    runpy.run_path(str(NETWORKS / "draw_shapes.py"))["main"](tmp_path / "data/shapes", {"train": 3000, "test": 500})
    run = xonet("run", NETWORKS / f"{name}.yaml", "--data-root", root, cwd=tmp_path)
    assert run.returncode == 0, run.stdout + run.stderr


def test_imbalanced(tmp_path: Path) -> None:
    """What the file says of its class weights: without them the score that it promises is missed."""
    assert xonet("run", NETWORKS / "imbalanced.yaml", cwd=tmp_path).returncode == 0
    without = xonet("run", NETWORKS / "imbalanced.yaml", "--set", "training.class_weights={X: 1}", cwd=tmp_path)
    assert without.returncode == 1 and "accuracy-missed" in without.stderr


def test_fine_tuning(root: Path, tmp_path: Path) -> None:
    """What the file says of it: neither the file of weights nor few pictures alone are enough."""
    assert xonet("run", NETWORKS / "xo.yaml", cwd=tmp_path).returncode == 0
    command = "run", NETWORKS / "fine_tuning.yaml", "--data-root", root
    assert xonet(*command, cwd=tmp_path).returncode == 0
    for change in ("training.epochs=0", "weights.skip=[layers]"):
        other = xonet(*command, "--set", change, cwd=tmp_path)
        assert other.returncode == 1 and "accuracy-missed" in other.stderr
