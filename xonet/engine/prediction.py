"""How much memory running a network will take, said before it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xonet.engine import assembly
from xonet.engine.memory import footprint, workers_of
from xonet.engine.native_engine import GROUPS_AT_ONCE
from xonet.engine.plan import Average, Recipe, part_of
from xonet.engine.runner import default_threads
from xonet.engine.storage import layout
from xonet.kernels import LANES

if TYPE_CHECKING:
    from xonet.network import Network

BASE = 98 << 20
"""Bytes of the process before any network: Python, NumPy, loader of kernels, checks (CPython 3.11, Linux)."""


def peak_bytes(network: Network, threads: int | None = None) -> int:
    """The most memory that a process takes that trains a network, or without `training:` runs it; data not counted.

    It holds once kernels are compiled: compiling them takes some 60 MiB more, once.
    """
    places = layout(network.operations)
    channels = network.shape.channels
    feed = assembly.Feed(np.ones(channels, np.float32), np.zeros(channels, np.float32))
    threads = threads or default_threads()
    program = assembly.inference(network.operations, places, feed, GROUPS_AT_ONCE)
    needed = footprint(program, places, threads, 0)
    training = network.document.training
    if training is not None:
        groups = assembly.groups_of(training.batch_size)
        recipe = Recipe(
            network.loss, training.batch_size, optimizer=training.optimizer, clip=training.gradient_clip,
            accumulate=training.accumulate, average=Average(training.ema.decay) if training.ema else None,
        )  # fmt: skip
        workers = workers_of(groups, True, threads)
        states = len(training.optimizer.state) + (training.ema is not None)
        program = assembly.training(network.operations, places, feed, recipe, workers=workers)
        more = footprint(program, places, threads if workers > 1 else min(threads, groups), states)
        # parameters are there once for both; what an epoch began with is kept until it is over
        kept = more["parameters"] + more["optimizer"]
        if training.ema or training.swa:
            kept += 3 * more["parameters"]  # the weights of training, and averages, while both are at hand
        needed = {name: more[name] + (needed[name] if name != "parameters" else 0) for name in more} | {"kept": kept}
    # scores are handed over in parts, of as many pictures as there are: no more than this
    needed["scores"] = 4 * network.outputs * part_of(network.outputs, GROUPS_AT_ONCE * LANES)
    return BASE + sum(needed.values())
