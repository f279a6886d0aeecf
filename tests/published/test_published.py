"""Networks that other projects published can be said, with their recipes, in fewer lines.

Each file's head cites its source, says how many lines the source has, and what of it is not said. The budget under
`expect` is the number of parameters that the source gives, or that comes from its own code, running means and variances
counted: Keras counts them, too, and PyTorch has them as buffers.
"""

from __future__ import annotations

import re
from pathlib import Path
from statistics import median

import pytest

from xonet.network import check
from xonet.network.network import count_macs, count_parameters

FILES = sorted(Path(__file__).parent.glob("*.yaml"))
LINES = re.compile(r"^# (?:About )?(\d+) lines there, neither blank nor comment", re.MULTILINE)
WHOLE = re.compile(r"^# Not said: (nothing|the augmentation)", re.MULTILINE)
"""What comes before the network sees a picture is another matter."""


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_network(file: Path) -> None:
    network, findings = check(file, sees_data=False)
    assert [finding for finding in findings if finding.severity == "error"] == []
    assert network is not None and network.name == file.stem
    expect = network.document.expect
    assert expect is not None and expect.parameters is not None
    assert sum(map(count_parameters, network.operations)) == expect.parameters.max
    if expect.macs is not None:
        assert sum(map(count_macs, network.operations)) == expect.macs.max


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_head(file: Path) -> None:
    head = file.read_text(encoding="utf-8").split("xonet: 1")[0]
    assert head.startswith("# Source: ") and "# Not said: " in head


def test_lines() -> None:
    """Counted alike on either side: neither blank lines nor comments."""
    shares = []
    for file in FILES:
        text = file.read_text(encoding="utf-8")
        if there := LINES.search(text):
            here = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
            shares.append(len(here) / int(there[1]))
            print(f"{file.stem}: {len(here)} of {there[1]} lines")
    print(f"median of {len(shares)}: {median(shares):.2f}")
    assert len(shares) >= 36 and median(shares) < 1 / 3


def test_how_many_are_said_whole() -> None:
    """Of the forty, three are out of scope: a siamese network, a U-Net, and one with a spatial transformer."""
    parts = [file.stem for file in FILES if not WHOLE.search(file.read_text(encoding="utf-8"))]
    print(f"{len(FILES) - len(parts)} of {len(FILES)} networks are said whole; not {', '.join(parts)}")
    assert len(FILES) == 37 and len(parts) <= 2
