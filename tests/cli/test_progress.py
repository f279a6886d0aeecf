"""What is shown while pictures are read: a bar on a terminal, one line elsewhere, and nothing where it is quick."""

from __future__ import annotations

import io
import sys

import numpy as np
import pytest
from PIL import Image

from xonet.cli import _progress
from xonet.cli._progress import Loading
from xonet.data import Wanted
from xonet.data._reading import read_pictures
from xonet.language.shapes import Shape


class Stderr(io.StringIO):
    def __init__(self, terminal):
        super().__init__()
        self.terminal = terminal

    def isatty(self):
        return self.terminal


@pytest.fixture
def shown(tmp_path, monkeypatch):
    """Reads twelve pictures, and gives what was shown meanwhile."""
    for index in range(12):
        Image.fromarray(np.full((2, 2), index, np.uint8)).save(tmp_path / f"{index}.png")

    def read(terminal, after):
        monkeypatch.setattr(_progress, "DRAWN_AFTER", after)
        monkeypatch.setattr(_progress, "TOLD_AFTER", after)
        monkeypatch.setenv("TERM", "xterm-256color")
        monkeypatch.setenv("FORCE_COLOR", "1") if terminal else None
        stderr = Stderr(terminal)
        monkeypatch.setattr(sys, "stderr", stderr)
        with Loading():
            wanted = Wanted(Shape((2, 2, 1)), (), tmp_path)
            pictures, failures, _ = read_pictures([tmp_path / f"{index}.png" for index in range(12)], wanted)
        assert not failures and pictures[:, 0, 0, 0].tolist() == [*range(12)]
        return stderr.getvalue()

    return read


def test_a_bar_that_moves_on_a_terminal(shown):
    text = shown(True, -1)
    assert "reading pictures" in text and "12/12" in text and "━" in text


def test_one_line_elsewhere(shown):
    assert shown(False, -1) == "reading 12 pictures …\n"


@pytest.mark.parametrize("terminal", [True, False])
def test_nothing_where_it_is_quick(shown, terminal):
    assert shown(terminal, 1000) == ""
