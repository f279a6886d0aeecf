"""Training steps of xonet and of PyTorch: the same network, pictures, loss and optimizer, data in memory."""

from __future__ import annotations

from collections.abc import Iterator

from tests.benchmarks.cases import CASES, task
from tests.benchmarks.report import Row, Table, of_peer, peers_there
from xonet.bench import ours
from xonet.bench.contest import Effort, contest
from xonet.bench.machine import peak
from xonet.bench.work import training_products

HEADINGS = ["network", "batch", "xonet", "beside 1 thread", "of peak", "PyTorch", "laid out", "ratio"]


def tables(names: list[str], effort: Effort) -> Iterator[Table]:
    """The one table."""
    rows = [lambda n=name, b=batch: _row(n, b, effort) for name in names for batch in CASES[name]]
    yield Table("Training, pictures a second", HEADINGS, rows)


def _row(name: str, batch: int, effort: Effort) -> Row:
    case = task(name, batch)
    runners = {"xonet": ours.training(case, effort.threads)}
    for room in peers_there("torch"):
        runners |= room.training(case, effort.threads)
    theirs = list(runners)[1:]
    if effort.threads > 1:
        runners["one thread"] = ours.training(case, 1)
    result = contest(runners, effort)
    seconds = result.seconds("xonet")
    share = 2 * training_products(case.network.operations) * batch / seconds / peak(effort.threads)
    beside = f"{result.ratio('one thread', 'xonet'):.2f}×" if "one thread" in runners else "-"
    cells = [name, str(batch), f"{batch / seconds:,.0f}", beside, f"{share:.0%}"]
    return Row([*cells, *of_peer(result, theirs, lambda seconds: f"{batch / seconds:,.0f}", True)], result.disturbed)
