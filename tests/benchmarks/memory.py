"""Peak memory of training, each side in a process of its own, as the operating system counts it; and as predicted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.util import find_spec

import xonet
from tests.benchmarks.cases import CASES, NETWORKS, settings
from tests.benchmarks.processes import ALONE, timed
from tests.benchmarks.report import Row, Table
from xonet.bench.contest import Effort
from xonet.bench.memory import measured_peak
from xonet.engine.prediction import peak_bytes

STEPS = 10
LARGE = [("wide", 64, None), ("classes", 64, 60_000)]
"""Networks whose memory only is measured: the batch, and how many pictures, where that is not two batches."""


def tables(names: list[str], effort: Effort) -> Iterator[Table]:
    """Beside PyTorch, for LeNet-5; beside the prediction, for all."""
    headings = ["network", "batch", "xonet", "PyTorch", "ratio"]
    if "lenet5" in names:
        yield Table("Peak memory of training, a process of its own", headings, [lambda: _beside(effort)])
    headings = ["network", "batch", "pictures", "`xonet summary` says", "measured", "ratio"]
    cases = [(name, CASES[name][0], None) for name in names] + (LARGE if names == list(CASES) else [])
    rows = [
        lambda n=name, b=batch, p=pictures: _predicted(n, b, p, effort) for name, (batch, pictures) in cases.items()
    ]
    yield Table("Peak memory of training, as it is predicted", headings, rows)


def _network(name: str, batch: int) -> xonet.Network:
    return xonet.load(NETWORKS / f"{name}.yaml", settings(name, batch))


def _beside(effort: Effort) -> Row:
    batch = CASES["lenet5"][0]
    ours = measured_peak(_network("lenet5", batch), effort.threads)
    cells = ["lenet5", str(batch), _megabytes(ours)]
    if find_spec("torch") is None:
        return Row(cells)
    theirs = json.loads(timed([*ALONE, "noise", str(STEPS)])[2])["bytes"]
    return Row([*cells, _megabytes(theirs), f"**{theirs / ours:.2f}×**" if ours else "-"])


def _predicted(name: str, batch: int, pictures: int | None, effort: Effort) -> Row:
    network = _network(name, batch)
    said, took = peak_bytes(network, effort.threads), measured_peak(network, effort.threads, pictures)
    cells = [name, str(batch), f"{pictures or 2 * batch:,}", _megabytes(said), _megabytes(took)]
    return Row([*cells, f"{said / took:.2f}" if took else "-"])


def _megabytes(count: int | None) -> str:
    return "-" if count is None else f"{count / 2**20:.0f} MiB"
