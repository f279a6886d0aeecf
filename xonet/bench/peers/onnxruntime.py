"""ONNX Runtime: it gets the network with its weights, for exactly so many pictures, and optimizes it as it does."""

from __future__ import annotations

import io
import warnings

import numpy as np
import onnxruntime
import torch

from xonet.bench.contest import Runner
from xonet.bench.machine import in_threads
from xonet.bench.peers._peer import Unable, must_agree, thread_counts
from xonet.bench.peers.twin import Twin, pictures_there
from xonet.model import Model
from xonet.network import Network


def inference(network: Network, x: np.ndarray, threads: int) -> dict[str, Runner]:
    """Scores of all pictures in x at once.

    Raises:
        Unable: where the network has no form in ONNX, or scores are others than ours.
    """
    model = _exported(network, x)
    runners = {}
    for count in thread_counts(len(x), threads):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = count
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        inputs = {session.get_inputs()[0].name: pictures_there(x).numpy()}
        must_agree("onnxruntime", session.run(None, inputs)[0], network, x)
        runners[f"{in_threads(count)}"] = _scores(session, inputs)
    return runners


def _scores(session: onnxruntime.InferenceSession, inputs: dict[str, np.ndarray]) -> Runner:
    def run(times: int) -> None:
        for _ in range(times):
            session.run(None, inputs)

    return run


def _exported(network: Network, x: np.ndarray) -> bytes:
    """The network with its parameters as an ONNX model for so many pictures."""
    twin = Twin(network.operations, Model(network, seed=0).parameters).eval()
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the newer exporter writes the same, and takes many times longer
        try:
            torch.onnx.export(twin, (pictures_there(x),), file, dynamo=False)
        except (torch.onnx.errors.OnnxExporterError, RuntimeError) as error:
            raise Unable(f"onnxruntime cannot run this network: {str(error).splitlines()[0]}") from None
    return file.getvalue()
