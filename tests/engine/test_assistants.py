"""Threads that help: from several callers at once, after a fork, and at the end of the process."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import numpy as np
import pytest

from xonet.engine import runner
from xonet.model import Model
from xonet.network import loads

TEXT = """
xonet: 1
input: {height: 20, width: 20}
layers:
  - conv2d: {features: 32, kernel_size: 5}
  - relu
  - conv2d: {features: 16, kernel_size: 5}
  - dense: {units: 3}
"""


@pytest.fixture(autouse=True)
def short_calls_too(monkeypatch):
    monkeypatch.setattr(runner, "AT_ONCE", 0)


def pictures(count):
    return np.random.default_rng(count).standard_normal((count, 20, 20, 1), np.float32)


@pytest.mark.parametrize("count", [1, 3, 40, 150])
def test_several_callers_at_once(count):
    models = [Model(loads(TEXT), seed=seed, threads=3) for seed in (0, 1)]
    x = pictures(count)
    expected = [Model(loads(TEXT), seed=seed, threads=1).predict(x).tobytes() for seed in (0, 1)]
    found = []

    def ask(number):
        found.extend((number, models[number].predict(x).tobytes()) for _ in range(20))

    callers = [threading.Thread(target=ask, args=(n % 2,)) for n in range(4)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert len(found) == 80 and all(scores == expected[number] for number, scores in found)


SCRIPT = f"""
import os, sys, threading
import numpy as np
import xonet
from xonet.engine import runner
from xonet.engine.assistants import POOL
runner.AT_ONCE = 0
model = xonet.Model(xonet.loads('''{TEXT}'''), seed=0, threads=2)
many = np.random.default_rng(0).standard_normal((40, 20, 20, 1), np.float32)
before = [model.predict(many[:n]).tobytes() for n in (1, 40)]
assert POOL.count
"""
FORK = """
process = os.fork()
if process == 0:
    assert POOL.count == 0
    same = [model.predict(many[:n]).tobytes() for n in (1, 40)] == before
    os._exit(0 if same and POOL.count else 1)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]))
"""


@pytest.mark.parametrize(
    "more", ["", pytest.param(FORK, marks=pytest.mark.skipif(not hasattr(os, "fork"), reason="-"))]
)
def test_the_process_may_fork_and_ends_by_itself(more):
    subprocess.run([sys.executable, "-W", "ignore", "-c", SCRIPT + more], check=True, timeout=60)
