"""Writes the results of training, epoch by epoch and at the end, however it ends."""

from __future__ import annotations

import contextlib
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from xonet.arrays import MOST_HEADER_BYTES, opened, write_whole
from xonet.cli._progress import Progress
from xonet.data import DataError
from xonet.folders import remove
from xonet.training import Trainer
from xonet.training.history import History
from xonet.training.places import Place
from xonet.training.runs import Run, RunFolder, look_at
from xonet.training.saving import save_checkpoint, save_model


class Recorder:
    """Writes a run's files to a folder that is its own.

    Nothing is written before the first epoch is over. What cannot be written does not end the training: it is told once
    and tried again after the next epoch.
    """

    def __init__(
        self, trainer: Trainer, run: Run, place: Place, every: int, progress: Progress, going_on: bool
    ) -> None:
        """`going_on`: what is in the place's folder is this run's own, from before."""
        self.trainer, self.run, self.place, self.every, self.progress = trainer, run, place, every, progress
        self.folder = place.folder
        self._own = going_on
        self._saved = len(trainer.history) if going_on else 0
        self._told = False
        trainer.on_epoch = self.epoch
        trainer.on_step = progress.on_step if progress.drawn else None

    def epoch(self, row: dict[str, Any]) -> None:
        """An epoch is over."""
        due = row["epoch"] % self.every == 0 or self.trainer.over
        try:
            self._save(checkpoint=due)
        except OSError as error:
            if not self._told:
                why = f"{error.filename}: {error.strerror or error}"
                said = f"{why}; training continues, and this is retried after each epoch"
                print(f"xonet: {said}", file=sys.stderr)
            self._told = True
        self.progress.epoch(row)

    def stop(self) -> None:
        """The training ends before its time: its last whole epoch has a checkpoint."""
        if len(self.trainer.history) > self._saved:
            try:
                self._save(checkpoint=True)
            except OSError as error:
                print(f"xonet: {error.filename}: {error.strerror or error}", file=sys.stderr)

    def keep_good(self) -> None:
        """The weights of the last good epoch, for a training that cannot go on; none where there is no such epoch."""
        if len(self.trainer.history):
            self.place.claim.keep()
            save_model(self.trainer.model, self.folder.model, {**self._about(), "finished": "no"})

    def finish(self, result: str) -> RunFolder:
        """The results of the whole run; gives where they are.

        Where its folder cannot be written to, they go to a temporary one, and that is said.

        Raises:
            OSError: where that cannot be written to, either.
        """
        place = self.place
        try:
            place.claim.keep()
            self._results(self.folder, result)
            if not len(self.trainer.history) and place.home != self.folder:
                for path in (place.home.history, place.home.checkpoint):
                    remove(path)  # of what is replaced; this run has none
            place.finish()
        except OSError as error:
            if elsewhere := self._elsewhere(result):
                error.strerror = f"{error.strerror or error}; results are in {elsewhere}"
            raise
        return place.home

    def _elsewhere(self, result: str) -> RunFolder | None:
        """A temporary folder with the results; None where there is no room, either."""
        if self.place.claim.holds:
            with contextlib.suppress(OSError):
                remove(self.folder.result)
        made = None
        try:
            made = RunFolder(Path(tempfile.mkdtemp(prefix="xonet-")))
            self._results(made, result)
        except OSError:
            if made:
                shutil.rmtree(made.path, ignore_errors=True)
            return None
        return made

    def where_to_go_on(self) -> str:
        """What to do after an interruption."""
        ours = self._own and self.place.claim.holds
        found = look_at(self.folder, self.folder.checkpoint, "checkpoint") if ours else None
        if (found and found.run == self.run) or (found and self._saved):
            return f"; --resume continues from {self.folder.checkpoint}, after epoch {found.epochs}"
        return "; no checkpoint has been written yet"

    def _save(self, *, checkpoint: bool) -> None:
        """Raises OSError where something cannot be written."""
        self.place.claim.keep()
        if not self._own:
            # what a run that was never finished left where this one works
            for path in self.folder.files:
                remove(path)
            self._own = True
        remove(self.folder.result)
        # the history first: who goes on from a checkpoint writes it anew from there
        write_whole(self.folder.history, self.trainer.history.lines())
        if checkpoint:
            save_checkpoint(self.trainer, self.folder.checkpoint, self._about())
            self._saved = len(self.trainer.history)

    def _results(self, folder: RunFolder, result: str) -> None:
        """The model last: where that is, all is."""
        if len(self.trainer.history):
            write_whole(folder.history, self.trainer.history.lines())
        write_whole(folder.result, result)
        save_model(self.trainer.model, folder.model, {**self._about(), "finished": "yes"})

    def _about(self) -> dict[str, str]:
        return {"run": self.run.text, "epochs": str(self.trainer.history.epochs)}


def fill_seconds(history: History, path: Path) -> None:
    """Give rows of a checkpoint, which has no times, those of the history beside it, where it tells of the same."""
    try:
        with opened(path, "history") as file:
            told = [json.loads(line) for line in file.read(MOST_HEADER_BYTES).splitlines()]
    except (DataError, OSError, ValueError, RecursionError):
        told = []
    known = {row["epoch"]: row for row in told if isinstance(row, dict) and isinstance(row.get("epoch"), int | float)}
    for row in history:
        before = known.get(row["epoch"], {})
        seconds = before.get("seconds")
        same = {**before, "seconds": 0} == {**row, "seconds": 0} and isinstance(seconds, int | float)
        row["seconds"] = seconds if same else 0.0
