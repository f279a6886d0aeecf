"""Everything that `xonet bench` measures, as plain data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from xonet.bench import layers, ours
from xonet.bench.contest import Effort, Result, Runner, contest, wait
from xonet.bench.machine import machine, peak, versions
from xonet.bench.memory import measured_peak
from xonet.bench.peers._names import PEERS
from xonet.bench.peers._peer import peer
from xonet.bench.task import Task
from xonet.bench.work import forward_products, training_products
from xonet.engine.prediction import peak_bytes
from xonet.engine.single import in_groups_only
from xonet.losses import LOSSES
from xonet.network import Network
from xonet.optimizers import OPTIMIZERS

MANY = 256
"""Pictures at once, where many are asked for."""
OURS = "xonet"
PACKAGES = ("numpy", "numba")
Ways = Mapping[str, Mapping[str, Runner]]
"""What runs the network elsewhere: by peer, and by the way it is run."""


def measure(
    network: Network,
    against: Sequence[str],
    effort: Effort,
    tell: Callable[[str], None] = lambda _: None,
    announce: ours.Announce = None,
) -> dict[str, Any]:
    """A network's figures; `docs/bench.md` lists them.

    Args:
        network: What is measured.
        against: The peers measured in turns with xonet.
        effort: How long it may take; a profile takes as long as all turns of one side.
        tell: Called with what is measured next.
        announce: Called with the number of kernels to compile, before compilation starts.

    Raises:
        Unable: if a peer is missing, or cannot run the network.
    """
    task, threads = Task.of(network), effort.threads
    peers = {name: peer(name) for name in dict.fromkeys(against)}
    many, one = (task.data(count)[0] for count in (MANY, 1))
    ours.prepare(task, threads, announce)
    tell("preparing")
    at_once = {name: each.inference(network, many, threads) for name, each in peers.items()}
    singly = {name: each.inference(network, one, threads) for name, each in peers.items()}
    learners = {name: each for name, each in peers.items() if hasattr(each, "training")} if network.trained else {}
    trainers = {name: each.training(task, threads) for name, each in learners.items()}
    packages = [package for name in peers for package in PEERS[name]]
    wait(effort)
    found: dict[str, Any] = {
        "name": network.name,
        "machine": machine(threads),
        "versions": versions(dict.fromkeys([*PACKAGES, *packages])),
        "threads": threads,
        "batch_size": task.batch_size,
        "loss": LOSSES.word(task.loss),
        "optimizer": OPTIMIZERS.word(task.optimizer),
    }
    tell("layers")
    wait(effort)
    found["layers"] = layers.table(task, layers.profile(task, effort.rounds * effort.turn))
    tell("training")
    results = []
    if network.trained:
        results.append(_contest(ours.training(task, threads), trainers, effort))
        work = training_products(network.operations)
        found["training"] = _rates(results[-1], trainers, task.batch_size, work, threads)
    else:
        found["training"] = None
    tell(f"{MANY} pictures at once")
    results.append(_contest(ours.inference(network, many, threads), at_once, effort))
    work = forward_products(network.operations)
    found["inference"] = {"pictures": MANY, **_rates(results[-1], at_once, MANY, work, threads)}
    tell("one picture")
    results.append(_contest(ours.inference(network, one, threads), singly, effort, each=True))
    alike = [operation.path for operation in in_groups_only(network.operations)]
    found["latency"] = {**_latencies(results[-1], singly), "in_groups_only": alike}
    tell("memory")
    found["memory"] = {
        "of": "training" if network.document.training else "inference",
        "measured_bytes": measured_peak(network, threads),
        "predicted_bytes": peak_bytes(network, threads),
    }
    found["turns"] = sum(len(turns) for result in results for turns in result.turns.values())
    found["disturbed_turns"] = sum(result.disturbed for result in results)
    return found


def _contest(own: Runner, peers: Ways, effort: Effort, each: bool = False) -> Result:
    others = {f"{name}, {way}": runner for name, ways in peers.items() for way, runner in ways.items()}
    return contest({OURS: own, **others}, effort, each)


def _rates(result: Result, peers: Ways, pictures: int, work: int, threads: int) -> dict[str, Any]:
    """Pictures a second; `work` is a picture's multiply-adds."""
    seconds = result.seconds(OURS)
    return {
        "pictures_per_second": pictures / seconds,
        "of_peak": 2 * work * pictures / seconds / peak(threads),
        "against": {
            name: {"pictures_per_second": pictures / result.seconds(best), **about}
            for name, best, about in _best(result, peers)
        },
    }


def _latencies(result: Result, peers: Ways) -> dict[str, Any]:
    """Seconds for one picture."""

    def times(name: str) -> dict[str, float]:
        return {"median_seconds": result.seconds(name), "percentile_99_seconds": result.percentile(name, 0.99)}

    return {**times(OURS), "against": {name: {**times(best), **about} for name, best, about in _best(result, peers)}}


def _best(result: Result, peers: Ways) -> list[tuple[str, str, dict[str, Any]]]:
    """Of each peer: (its name, its fastest runner, in which way that is done and how many times longer it takes)."""
    found = []
    for name, ways in peers.items():
        best = result.fastest(f"{name}, {way}" for way in ways)
        found.append((name, best, {"way": best.removeprefix(f"{name}, "), "ratio": result.ratio(best, OURS)}))
    return found
