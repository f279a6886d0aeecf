"""What holds for the members of every family."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys
from xonet.initializers import INITIALIZERS
from xonet.layers import LAYERS
from xonet.losses import LOSSES
from xonet.metrics import METRICS
from xonet.optimizers import OPTIMIZERS
from xonet.schedules import SCHEDULES
for family in (INITIALIZERS, LAYERS, LOSSES, METRICS, OPTIMIZERS, SCHEDULES):
    assert family.members
    family.schema()
print(*sorted({"numba", "numpy", "torch"} & set(sys.modules)))
"""


def test_declarations_import_neither_numpy_nor_numba():
    """`validate` reads every declaration, and is to start at once."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
