"""What a user waits for before anything is computed: seconds of whole processes, each of which does one step."""

from __future__ import annotations

import json
import statistics
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from PIL import Image

from tests.benchmarks.cases import CASES, CLASSES, NETWORKS, network, settings
from tests.benchmarks.processes import ALONE, XONET, race, ratio
from tests.benchmarks.report import Row, Table
from xonet.bench.contest import Effort

FEW = ("xo", "lenet5", "resnet20")
"""Networks that stand for all."""
HEADINGS = ["process", "first after installation, s", "xonet, s", "PyTorch, s", "ratio"]


def tables(names: list[str], effort: Effort) -> Iterator[Table]:
    """The help, then one step of a few networks."""
    rows = [lambda: _help(effort), *(lambda n=name: _step(n, effort) for name in names if name in FEW)]
    yield Table("Seconds from the command to the end of a process", HEADINGS, rows)


def _help(effort: Effort) -> Row:
    seconds, _ = race({"xonet": [*XONET, "--help"]}, effort.rounds, effort)
    return Row(["`xonet --help`", "-", f"{statistics.median(seconds['xonet']):.2f}"])


def _step(name: str, effort: Effort) -> Row:
    """A batch of pictures from a folder, one step, its result; in PyTorch, LeNet-5's step on numbers in memory."""
    with tempfile.TemporaryDirectory() as folder:
        _draw(name, Path(folder, "pictures"))
        data = f"data={{train: {{images: {{folder: {json.dumps(str(Path(folder, 'pictures')))}}}}}}}"
        asked = [part for setting in [*settings(name, CASES[name][0]), data] for part in ("--set", setting)]
        out, file = str(Path(folder, "out")), str(NETWORKS / f"{name}.yaml")
        command = {"xonet": [*XONET, "run", file, "--out", out, "--threads", str(effort.threads), *asked]}
        first = []
        for number in range(1 if effort.rounds < 5 else 3):
            cache = str(Path(folder, f"cache{number}"))
            first += race(command, 1, effort, XONET_CACHE_DIR=cache)[0]["xonet"]
        peer = {"torch": [*ALONE, "noise", "1"]} if name == "lenet5" and find_spec("torch") else {}
        race(peer, 1, effort)  # its files are on the disk's cache then, as ours are
        environment = {"XONET_CACHE_DIR": cache, "OMP_NUM_THREADS": str(effort.threads)}
        seconds, _ = race(command | peer, effort.rounds, effort, **environment)
    cells = [f"{name}, one step", f"{statistics.median(first):.1f}", f"{statistics.median(seconds['xonet']):.2f}"]
    if peer:
        cells += [f"{statistics.median(seconds['torch']):.2f}", ratio(seconds["torch"], seconds["xonet"])]
    return Row(cells)


def _draw(name: str, folder: Path) -> None:
    """As many random pictures as a batch has, dealt to folders of classes."""
    shape, rng = network(name).shape, np.random.default_rng(0)
    classes = CLASSES.get(name, 10)
    for number in range(CASES[name][0]):
        place = folder / f"c{number % classes}"
        place.mkdir(parents=True, exist_ok=True)
        pixels = rng.integers(0, 256, shape, np.uint8)
        Image.fromarray(pixels[..., 0] if shape.channels == 1 else pixels).save(place / f"{number}.png")
