"""What the tests of sources share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from xonet.data import Wanted
from xonet.language.shapes import Shape


@pytest.fixture
def wanted(tmp_path: Path) -> Callable[..., Wanted]:
    """`wanted(height, width, channels, classes)`, with paths that begin in the test's own folder."""

    def make(height: int = 9, width: int = 9, channels: int = 1, classes: tuple[str, ...] = ("X", "O")) -> Wanted:
        return Wanted(Shape((height, width, channels)), classes, tmp_path)

    return make
