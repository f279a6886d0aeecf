"""From the command to a digit reader: networks/mnist_fast.yaml, and the same network on the same schedule in PyTorch.

Each is a whole process, with all that a user waits for: imports, reading the data, training, the test. Kernels are
compiled before.
"""

from __future__ import annotations

import json
import statistics
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from tests.benchmarks.cases import ROOT
from tests.benchmarks.processes import ALONE, XONET, race, ratio, timed
from tests.benchmarks.report import Row, Table
from xonet.bench.contest import Effort

DATA = ROOT / "data" / "mnist"
HEADINGS = ["side by side", "xonet, s", "its test accuracy", "PyTorch, s", "its test accuracy", "ratio"]


def tables(names: list[str], effort: Effort) -> Iterator[Table]:
    """The one table, if the data is there."""
    if "lenet5" in names and DATA.exists():
        rounds = 1 if effort.rounds < 5 else 3
        yield Table("MNIST, from the command to the result", HEADINGS, [lambda: _row(rounds, effort)])


def _row(rounds: int, effort: Effort) -> Row:
    with tempfile.TemporaryDirectory() as folder:
        threads = ["--threads", str(effort.threads)]
        commands = {"xonet": [*XONET, "run", "networks/mnist_fast.yaml", "--out", folder, *threads]}
        if find_spec("torch"):
            commands["torch"] = [*ALONE, "mnist", str(DATA)]
        timed([*commands["xonet"], "--set", "training.epochs=1", "--set", "expect={}"])  # compiles what is not yet
        seconds, printed = race(commands, rounds, effort, OMP_NUM_THREADS=str(effort.threads))
        result = json.loads((Path(folder) / "result.json").read_text(encoding="utf-8"))
    ours = seconds["xonet"]
    cells = [f"{result['epochs']} epochs", f"{statistics.median(ours):.1f}", f"{result['test']['accuracy']:.2%}"]
    if theirs := seconds.get("torch"):
        accuracy = json.loads(printed["torch"])["accuracy"]
        cells += [f"{statistics.median(theirs):.1f}", f"{accuracy:.2%}", ratio(theirs, ours)]
    return Row(cells)
