"""Scores of pictures from xonet and from ONNX Runtime: many pictures at once, and one as soon as possible.

ONNX Runtime gets the same network with the same weights, for exactly so many pictures, and optimizes it as it does by
itself. For one picture it may use one thread or two, whichever is faster.
"""

from __future__ import annotations

import io
import warnings

import numpy as np

import xonet
from tests.benchmarks.contest import Effort, Runner, contest
from tests.benchmarks.machine import peak
from tests.benchmarks.training import NETWORKS
from tests.benchmarks.work import products

MANY = 256
MANY_HEADINGS = ["network", "xonet, 1 thread", "2 threads", "2 : 1", "of peak", "ONNX Runtime, 2 threads", "ratio"]
ONE_HEADINGS = ["network", "xonet, µs", "ONNX Runtime, µs", "its threads", "ratio"]


def many_row(name: str, effort: Effort) -> tuple[list[str], int]:
    """A line of the table for many pictures, in pictures a second, and how many turns were disturbed."""
    network, x = _case(name, MANY)
    runners = {f"xonet {threads}": _xonet(network, x, threads) for threads in (2, 1)}
    session = _onnxruntime(network, x, 2)
    if session:
        runners = {"xonet 2": runners["xonet 2"], "theirs": session, "xonet 1": runners["xonet 1"]}
    result = contest(runners, effort)
    one, two = result.seconds("xonet 1"), result.seconds("xonet 2")
    share = 2 * MANY * sum(map(products, network.operations)) / two / peak(2)
    scaling = result.ratio("xonet 1", "xonet 2")
    cells = [name, f"{MANY / one:,.0f}", f"{MANY / two:,.0f}", f"{scaling:.2f}", f"{share:.0%}"]
    if session:
        cells += [f"{MANY / result.seconds('theirs'):,.0f}", f"**{result.ratio('theirs', 'xonet 2'):.2f}×**"]
    return cells + ["-"] * (len(MANY_HEADINGS) - len(cells)), result.disturbed


def one_row(name: str, effort: Effort) -> tuple[list[str], int]:
    """A line of the table for one picture."""
    network, x = _case(name, 1)
    runners: dict[str, Runner] = {"xonet": _xonet(network, x, 2)}
    for threads in (1, 2):
        session = _onnxruntime(network, x, threads)
        if session:
            runners[str(threads)] = session
    result = contest(runners, effort, each=True)
    cells = [name, f"{result.seconds('xonet') * 1e6:,.1f}"]
    ours = result.turns.pop("xonet")
    if result.turns:
        best = result.fastest()
        result.turns["xonet"] = ours
        cells += [f"{result.seconds(best) * 1e6:,.1f}", best, f"**{result.ratio(best, 'xonet'):.2f}×**"]
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


def _onnxruntime(network: xonet.Network, x: np.ndarray, threads: int) -> Runner | None:
    """None where ONNX Runtime, or PyTorch, which writes the model's file, is missing."""
    try:
        import onnxruntime

        code = _exported(network, x)
    except ImportError:
        return None
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(code, options, providers=["CPUExecutionProvider"])
    inputs = {session.get_inputs()[0].name: np.ascontiguousarray(np.moveaxis(x, -1, 1))}

    def run(times: int) -> None:
        for _ in range(times):
            session.run(None, inputs)

    scores = xonet.Model(network, seed=0).predict(x)
    if not np.allclose(session.run(None, inputs)[0], scores, atol=1e-3 * np.abs(scores).max()):
        raise RuntimeError("ONNX Runtime computes something else")
    return run


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
