"""How much memory a run takes, as the operating system counts it: of a process that does nothing else.

Run as a module it is that process: it reads what to run as JSON, and prints its own peak.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xonet.network import Network

STATUS = Path("/proc/self/status")
"""Where Linux tells a process about itself; elsewhere nothing is measured."""

MAPPED = 68 << 20
"""Bytes of the libraries' files that count at most: after an installation, Linux maps larger pieces of them at once."""


def measured_peak(network: Network, threads: int | None = None, pictures: int | None = None) -> int | None:
    """The most bytes that a process took which trained the network, or without `training:` ran it; data not counted.

    It trains on so many `pictures`, two batches unless given, and measures them. None where the system does not say, or
    ends the process, or kernels cannot be kept, so that each compiles its own.
    """
    if not STATUS.exists():
        return None
    wanted = {
        "text": network.text,
        "name": network.source.name,
        "overrides": network.overrides,
        "root": os.fspath(network.root),
        "threads": threads,
        "pictures": pictures,
    }
    same = os.pathsep.join(filter(None, [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH")]))
    for _ in range(2):  # where the first one had to compile, the second one counts
        # a session of its own: Ctrl-C is for this process, which then ends that one
        done = subprocess.run(
            [sys.executable, "-m", __name__], input=json.dumps(wanted), stdout=subprocess.PIPE, text=True, check=False,
            start_new_session=True, env={**os.environ, "PYTHONPATH": same},
        )  # fmt: skip
        if done.returncode:
            return None
        found = json.loads(done.stdout)
        if not found["compiled"]:
            return int(found["bytes"])
    return None


def _run(wanted: dict[str, Any]) -> dict[str, Any]:
    """A few steps with random pictures, then scores; or scores alone."""
    import numpy as np

    from xonet.model import Model
    from xonet.network import loads
    from xonet.training import LossIsNaN

    network = loads(wanted["text"], wanted["name"], wanted["overrides"], wanted["root"])
    model = Model(network, threads=wanted["threads"])
    training = network.document.training
    rng, count = np.random.default_rng(0), wanted["pictures"] or (2 * training.batch_size if training else 512)
    pictures = rng.integers(0, 256, (count, *network.shape), np.uint8)
    data = pictures.nbytes
    if training is None:
        model.predict(pictures)
    else:
        shape = (count, network.outputs)
        targets = np.arange(count) % len(network.classes) if network.classes else rng.random(shape, np.float32)
        data += targets.nbytes
        with suppress(LossIsNaN):  # random targets do not have to be learnt
            model.fit((pictures, targets), validation=(pictures, targets), epochs=1)
    most, mapped = (
        1024 * int(found[1]) if (found := re.search(rf"{name}:\s+(\d+) kB", STATUS.read_text(encoding="ascii"))) else 0
        for name in ("VmHWM", "RssFile")
    )
    assert most
    return {"bytes": most - max(0, mapped - MAPPED) - data, "compiled": "numba" in sys.modules}


if __name__ == "__main__":
    print(json.dumps(_run(json.load(sys.stdin))))
