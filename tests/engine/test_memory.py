"""The memory that a run is said to take is what it takes, measured by the operating system."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

NETWORKS = Path(__file__).parents[1] / "benchmarks/networks"

SHAPES = {
    "xo": ("32", "2"),
    "lenet5": ("64", "10"),
    "vgg6": ("64", "10"),
    "resnet20": ("64", "10"),
    "mobilenet": ("64", "10"),
}
"""The batch size and the classes of each."""

TRAIN = r"""
import json, re, sys
import numpy as np
import xonet

name, batch, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
classes = ", ".join(f"c{n}" for n in range(count))
training = "{loss: cross_entropy, optimizer: {sgd: {learning_rate: 0.01, momentum: 0.9}}, epochs: 1, batch_size: %d}"
network = xonet.load(name, [f"training={training % batch}", f"output={{classes: [{classes}]}}"])
rng = np.random.default_rng(0)
pictures = rng.integers(0, 256, (4 * batch, *network.shape), np.uint8)
targets = np.arange(len(pictures)) % network.outputs
model = network.build()
model.fit((pictures, targets), validation=(pictures, targets))
status = open("/proc/self/status").read()
most = int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024
from xonet.engine.prediction import peak_bytes
print(json.dumps({"said": peak_bytes(network), "took": most - pictures.nbytes, "compiled": "numba" in sys.modules}))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="what a process takes is counted as Linux does")
@pytest.mark.parametrize("name", SHAPES)
def test_the_prediction_holds(name):
    # of the process itself: what getrusage calls the most includes what its parent had when it forked
    arguments = [sys.executable, "-c", TRAIN, str(NETWORKS / f"{name}.yaml"), *SHAPES[name]]
    for _ in range(2):  # where the first run had to compile, the second one counts
        found = json.loads(subprocess.run(arguments, capture_output=True, text=True, check=True).stdout)
        if not found["compiled"]:
            break
    assert not found["compiled"]
    assert abs(found["said"] / found["took"] - 1) <= 0.15, found
