"""Scores of pictures from xonet and from others: many pictures at once, and one as soon as possible."""

from __future__ import annotations

from collections.abc import Iterator

from tests.benchmarks.cases import LOSS, OPTIMIZER, network
from tests.benchmarks.report import Row, Table, of_fastest, of_peers
from xonet.bench import ours
from xonet.bench.contest import Effort, contest
from xonet.bench.machine import peak
from xonet.bench.measure import MANY
from xonet.bench.task import Task
from xonet.bench.work import forward_products

MANY_HEADINGS = ["network", "xonet", "beside 1 thread", "of peak", "fastest peer", "its", "ratio"]
ONE_HEADINGS = ["network", "xonet, µs", "99 %", "fastest peer", "its, µs", "ratio"]


def tables(names: list[str], effort: Effort) -> Iterator[Table]:
    """Both."""
    title = f"Inference, {MANY} pictures at once, pictures a second"
    yield Table(title, MANY_HEADINGS, [lambda n=name: _many(n, effort) for name in names])
    title = "Inference, one picture, time of a call"
    yield Table(title, ONE_HEADINGS, [lambda n=name: _one(n, effort) for name in names])


def _many(name: str, effort: Effort) -> Row:
    case = network(name)
    x, _ = Task(case, LOSS, OPTIMIZER, MANY).data(MANY)
    others = of_peers(lambda peer: peer.inference(case, x, effort.threads))
    runners = {"xonet": ours.inference(case, x, effort.threads), **others}
    if effort.threads > 1:
        runners["beside"] = ours.inference(case, x, 1)
    result = contest(runners, effort)
    seconds = result.seconds("xonet")
    share = 2 * MANY * forward_products(case.operations) / seconds / peak(effort.threads)
    beside = f"{result.ratio('beside', 'xonet'):.2f}×" if "beside" in runners else "-"
    cells = [name, f"{MANY / seconds:,.0f}", beside, f"{share:.0%}"]
    return Row([*cells, *of_fastest(result, others, lambda seconds: f"{MANY / seconds:,.0f}")], result.disturbed)


def _one(name: str, effort: Effort) -> Row:
    case = network(name)
    x, _ = Task(case, LOSS, OPTIMIZER, 1).data(1)
    others = of_peers(lambda peer: peer.inference(case, x, effort.threads))
    runners = {"xonet": ours.inference(case, x, effort.threads), **others}
    result = contest(runners, effort, each=True)
    cells = [name, f"{1e6 * result.seconds('xonet'):,.1f}", f"{1e6 * result.percentile('xonet', 0.99):,.1f}"]
    cells += of_fastest(result, others, lambda seconds: f"{1e6 * seconds:,.1f}")
    return Row(cells, result.disturbed)
