"""Ctrl-C, `kill` and a closed terminal, from the moment a run's folder is taken: none that is empty is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from itertools import count

import pytest

from tests.command import environment, hear_ctrl_c
from xonet.cli import _train, main
from xonet.cli._signals import SAID

SIGNALS = [number for number in SAID if signal.getsignal(number) is not signal.SIG_IGN]
"""Those that this process hears: `nohup`, or a shell that runs it in the background, may have it ignore some."""
STEPS = {"_train.py", "claims.py", "places.py", "tempfile.py"}


class Interrupting:
    """Sends this process a signal at the n-th line that the code of folders comes to."""

    def __init__(self, monkeypatch, step):
        self.left, self.number = step, SIGNALS[step % len(SIGNALS)]
        whole = _train._take_folder

        def traced(*arguments):
            sys.settrace(self.trace)
            return whole(*arguments)

        monkeypatch.setattr(_train, "_take_folder", traced)

    def trace(self, frame, event, argument):
        here, caller = (os.path.basename(each.f_code.co_filename) for each in (frame, frame.f_back))
        if here not in STEPS and (here, caller) != ("contextlib.py", "places.py"):
            return None
        self.left -= event in ("call", "line")
        if not self.left:
            sys.settrace(None)
            signal.raise_signal(self.number)
        return self.trace


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # an open file, where it is interrupted
@pytest.mark.parametrize("out", [[], ["--out", "some/where"]], ids=" ".join)
def test_at_any_step_no_folder_is_left(folder, capsys, monkeypatch, out):
    monkeypatch.setattr(tempfile, "_O_TMPFILE_WORKS", False)  # as on most file systems that are no Linux's own
    tempfile._get_candidate_names()  # made once, under a lock that would stay locked
    monkeypatch.setattr(_train, "_train", lambda *_: 0)
    before = sorted(folder.iterdir())
    for step in count(1):
        with monkeypatch.context() as patch:
            interrupting = Interrupting(patch, step)
            status = main(["run", "small.yaml", "--set", "data.train.xo.count=50", *out])
            sys.settrace(None)
        assert sorted(folder.iterdir()) == before, step
        if interrupting.left > 0:
            break
        assert status == 128 + interrupting.number, step
    assert step > 100, step


def test_a_second_time_at_once(folder):
    """The second signal falls into the letting go that the first one has begun."""
    code = """
import signal
from xonet.cli import main
from xonet.training.claims import Claim, Claims
Claim._tidy = lambda _: signal.raise_signal(signal.SIGTERM)
Claims.__exit__ = lambda *_: signal.raise_signal(signal.SIGHUP)
raise SystemExit(main(["run", "small.yaml"]))
"""
    found = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=False,
        preexec_fn=hear_ctrl_c,
    )  # fmt: skip
    assert (found.returncode, found.stderr) == (129, "xonet: terminal closed again\n")
    assert not (folder / "runs").exists()
