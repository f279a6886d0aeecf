"""Scores of pictures from xonet and from ONNX Runtime: many pictures at once, and one as soon as possible.

ONNX Runtime gets the same network with the same weights, for exactly so many pictures, and optimizes it as it does by
itself. For one picture it may use one thread or two, whichever is faster.
"""

from __future__ import annotations

import io
import warnings
from importlib.util import find_spec

import numpy as np

import xonet
from tests.benchmarks.contest import Effort, Runner, contest
from tests.benchmarks.machine import peak
from tests.benchmarks.training import NETWORKS
from tests.benchmarks.work import products

MANY = 256
MANY_HEADINGS = ["network", "xonet", "beside 1 thread", "of peak", "ONNX Runtime", "ratio"]
ONE_HEADINGS = ["network", "xonet, µs", "ONNX Runtime, µs", "its threads", "ratio"]


def many_row(name: str, effort: Effort) -> tuple[list[str], int]:
    """A line of the table for many pictures, in pictures a second, and how many turns were disturbed."""
    network, x = _case(name, MANY)
    runners = {"xonet": _xonet(network, x, effort.threads), **_onnxruntime(network, x, effort.threads)}
    if effort.threads > 1:
        runners["one thread"] = _xonet(network, x, 1)
    result = contest(runners, effort)
    ours, theirs = result.seconds("xonet"), str(effort.threads)
    share = 2 * MANY * sum(map(products, network.operations)) / ours / peak(effort.threads)
    cells = [name, f"{MANY / ours:,.0f}", result.ratio("one thread", "xonet"), f"{share:.0%}"]
    if theirs in runners:
        cells += [f"{MANY / result.seconds(theirs):,.0f}", f"**{result.ratio(theirs, 'xonet')}**"]
    return cells + ["-"] * (len(MANY_HEADINGS) - len(cells)), result.disturbed


def one_row(name: str, effort: Effort) -> tuple[list[str], int]:
    """A line of the table for one picture."""
    network, x = _case(name, 1)
    runners = {"xonet": _xonet(network, x, effort.threads)}
    for threads in range(1, effort.threads + 1):
        runners |= _onnxruntime(network, x, threads)
    result = contest(runners, effort, each=True)
    cells = [name, f"{result.seconds('xonet') * 1e6:,.1f}"]
    if len(runners) > 1:
        best = result.fastest(but="xonet")
        cells += [f"{result.seconds(best) * 1e6:,.1f}", best, f"**{result.ratio(best, 'xonet')}**"]
    return cells + ["-"] * (len(ONE_HEADINGS) - len(cells)), result.disturbed


def _case(name: str, pictures: int) -> tuple[xonet.Network, np.ndarray]:
    network = xonet.load(NETWORKS / f"{name}.yaml")
    return network, np.random.default_rng(0).standard_normal((pictures, *network.shape), np.float32)


def _xonet(network: xonet.Network, x: np.ndarray, threads: int) -> Runner:
    model = xonet.Model(network, seed=0, threads=threads)

    def run(times: int) -> None:
        for _ in range(times):
            model.predict(x)

    return run


def _onnxruntime(network: xonet.Network, x: np.ndarray, threads: int) -> dict[str, Runner]:
    """By the number of threads; nothing where ONNX Runtime, or what writes its file, is not installed."""
    if not all(map(find_spec, ("onnxruntime", "onnx", "torch"))):
        return {}
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(_exported(network, x), options, providers=["CPUExecutionProvider"])
    inputs = {session.get_inputs()[0].name: np.ascontiguousarray(np.moveaxis(x, -1, 1))}

    def run(times: int) -> None:
        for _ in range(times):
            session.run(None, inputs)

    scores = xonet.Model(network, seed=0).predict(x)
    if not np.allclose(session.run(None, inputs)[0], scores, atol=1e-3 * np.abs(scores).max()):
        raise RuntimeError("ONNX Runtime computes something else")
    return {str(threads): run}


def _exported(network: xonet.Network, x: np.ndarray) -> bytes:
    """The network with its parameters as an ONNX model for so many pictures."""
    import torch

    from tests.peers.pytorch import Twin, pictures_there

    twin = Twin(network.operations, network.build(seed=0).parameters).eval()
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the newer exporter writes the same, and takes many times longer
        torch.onnx.export(twin, (pictures_there(x),), file, dynamo=False)
    return file.getvalue()
