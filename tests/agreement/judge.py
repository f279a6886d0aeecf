"""What `validate` and `run` say of one file, and whether they agree."""

from __future__ import annotations

import contextlib
import io
import os
import re
import traceback
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from unittest import mock

from xonet.cli import main
from xonet.training.loop import Trainer

FINDING = re.compile(r"^(.+:\d+:\d+): error\[([a-z-]+)\] (.*)$", re.MULTILINE)
STARTED = re.compile(r"^weights: |the loss became NaN or inf|error\[(accuracy|loss)-missed\]", re.MULTILINE)
EPOCHS = 2
"""After how many epochs a training is ended here, whatever its file says."""


class Disagreement(AssertionError):
    """`validate` and `run` say different things."""


class Said(NamedTuple):
    """What a command came to."""

    status: int
    text: str

    @property
    def errors(self) -> set[tuple[str, str, str]]:
        """Each error's place, code and message."""
        return set(FINDING.findall(self.text))


def judge(folder: Path, file: str, engine: str = "native", options: Sequence[str] = ()) -> str:
    """What becomes of the file: refused, started, finished, for Python, or not readable.

    Raises:
        Disagreement: between the two commands, and for a traceback, a warning of Python's, or another failure.
    """
    with within(folder):
        checked = said("validate", file, *options)
        ran = said("run", file, *options, "--engine", engine, "--threads", "1")
    problem = _problem(checked, ran)
    if problem:
        raise Disagreement(
            f"{problem}\n--- validate: {checked.status}\n{checked.text}--- run: {ran.status}\n{ran.text}"
        )
    if ran.status == 1:
        return "started" if STARTED.search(ran.text) else "refused" if checked.status else "for Python"
    return "finished" if ran.status == 0 else "not readable"


def _problem(checked: Said, ran: Said) -> str:
    """What they disagree in; nothing where they agree."""
    for command in (checked, ran):
        if command.status not in (0, 1, 2):
            return "one of them broke down"
    if 2 in (checked.status, ran.status):
        return "" if checked.status == ran.status else "one of them failed with status 2"
    starts = ran.status == 0 or bool(STARTED.search(ran.text))
    if starts:
        return "run starts, and validate finds errors" if checked.status else ""
    if not ran.errors:
        return "run refuses without a finding"
    if checked.status == 0:
        # A network without data is for Python: the one thing that `validate` only warns of, as `run` is not its use.
        only_python = {code for _, code, _ in ran.errors} == {"missing-data"} and "only be used from Python" in ran.text
        return "" if only_python and "warning[missing-data]" in checked.text else "validate finds nothing, run refuses"
    return "" if ran.errors <= checked.errors else "run says another error"


def said(*arguments: str) -> Said:
    """The status of a command and all that it printed; a traceback has the status 3."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed), warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            with mock.patch.object(Trainer, "over", property(_over)):
                status = main(arguments)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            traceback.print_exc(file=printed)
            status = 3
    return Said(status, printed.getvalue())


def _over(trainer: Trainer) -> bool:
    return len(trainer.history) >= min(trainer.settings.epochs, EPOCHS) or bool(trainer.ended_by)


@contextlib.contextmanager
def within(folder: Path) -> Iterator[None]:
    """That is the working folder."""
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
