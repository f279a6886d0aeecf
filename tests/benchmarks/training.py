"""Training steps of xonet and of others: the same network, pictures, loss and optimizer, data in memory."""

from __future__ import annotations

from collections.abc import Iterator

from tests.benchmarks.cases import CASES, task
from tests.benchmarks.report import Row, Table, of_fastest, of_peers
from xonet.bench import ours
from xonet.bench.contest import Effort, contest
from xonet.bench.machine import peak
from xonet.bench.work import training_products

HEADINGS = ["network", "batch", "xonet", "beside 1 thread", "of peak", "fastest peer", "its", "ratio"]


def tables(names: list[str], effort: Effort) -> Iterator[Table]:
    """The one table."""
    rows = [lambda n=name, b=batch: _row(n, b, effort) for name in names for batch in CASES[name]]
    yield Table("Training, pictures a second", HEADINGS, rows)


def _row(name: str, batch: int, effort: Effort) -> Row:
    case = task(name, batch)
    others = of_peers(lambda peer: peer.training(case, effort.threads), ("torch", "jax"))
    runners = {"xonet": ours.training(case, effort.threads), **others}
    if effort.threads > 1:
        runners["one thread"] = ours.training(case, 1)
    result = contest(runners, effort)
    seconds = result.seconds("xonet")
    share = 2 * training_products(case.network.operations) * batch / seconds / peak(effort.threads)
    beside = f"{result.ratio('one thread', 'xonet'):.2f}×" if "one thread" in runners else "-"
    cells = [name, str(batch), f"{batch / seconds:,.0f}", beside, f"{share:.0%}"]
    return Row([*cells, *of_fastest(result, others, lambda seconds: f"{batch / seconds:,.0f}")], result.disturbed)
