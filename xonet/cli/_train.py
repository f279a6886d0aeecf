"""A training run: from a checked network to a trained one, its score on the test data, and files that hold both."""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from xonet import __version__
from xonet.cli import FINDINGS, FINE, INTERRUPTED
from xonet.cli._findings import print_findings, use_color
from xonet.cli._progress import Progress, scores
from xonet.cli._results import ResultFolder, engine_options, say
from xonet.cli._verdict import missed
from xonet.data._sets import load_sets
from xonet.engine.model import Model
from xonet.kernels.loading import compile_seconds
from xonet.training import LossIsNaN, Settings, Trainer
from xonet.training.files import cannot_write, digest, write_whole
from xonet.training.metrics import measure
from xonet.training.saving import load_checkpoint, save_checkpoint, save_model

if TYPE_CHECKING:
    from xonet.data import Dataset
    from xonet.network import Network


def train(network: Network, arguments: argparse.Namespace, began: float) -> int:
    """Train, test, and write the results; `began` is when the command did, by `time.perf_counter`."""
    assert network.document.data is not None and network.document.training is not None
    settings = Settings.of(network)
    sets = load_sets(network.document.data, network.wanted, settings.seed)
    say(sets.notes)
    assert sets.train is not None, "a file with training and without data.train is not valid"
    folder = ResultFolder.of(network, arguments.out)
    _make(folder)
    model = Model(network, **engine_options(arguments))
    validation = None if sets.validation is None else model.dataset(sets.validation)
    trainer = Trainer(model, model.dataset(sets.train), validation, settings)
    if arguments.resume and not load_checkpoint(trainer, folder.checkpoint):
        say([f"{arguments.file} has changed since the checkpoint; training goes on with the file as it is now"])

    training_began = time.perf_counter()
    progress = Progress(settings.epochs, trainer.steps_per_epoch, use_color(arguments, sys.stderr))
    recorder = Recorder(trainer, folder, network.document.training.checkpoint_every, progress)
    try:
        with progress:
            trainer.run()
    except LossIsNaN as error:
        recorder.keep_good()
        print(f"xonet: {error}", file=sys.stderr)
        print(f"weights: {folder.model}", file=sys.stderr)
        return FINDINGS
    except KeyboardInterrupt:
        print(f"xonet: interrupted{recorder.where_to_go_on()}", file=sys.stderr)
        return INTERRUPTED
    seconds = {"compile": compile_seconds(), "train": time.perf_counter() - training_began - compile_seconds()}
    folder.result.unlink(missing_ok=True)
    save_model(model, folder.model)
    found = _test(model, sets.test)
    print(f"weights: {folder.model}")
    seconds["total"] = time.perf_counter() - began
    write_whole(folder.result, json.dumps(_result(trainer, found, seconds), indent=2) + "\n")
    findings = missed(network, found)
    if findings:
        print_findings(findings, arguments, sys.stderr)
    return FINDINGS if findings else FINE


class Recorder:
    """Writes what a training comes to, epoch by epoch.

    Nothing of an earlier run in the same folder is touched before the first epoch is over; then all of it but its model
    goes, so that files in the folder belong together.
    """

    def __init__(self, trainer: Trainer, folder: ResultFolder, every: int, progress: Progress) -> None:
        self.trainer, self.folder, self.every, self.progress = trainer, folder, every, progress
        trainer.on_epoch = self.epoch
        trainer.watch = progress.watch if progress.drawn else None

    def epoch(self, row: dict[str, Any]) -> None:
        """An epoch is over."""
        self.progress.epoch(row)
        if row["epoch"] == 1:
            self.folder.checkpoint.unlink(missing_ok=True)
        self.folder.result.unlink(missing_ok=True)
        # the history first: who goes on from a checkpoint writes it anew from there
        write_whole(self.folder.history, self.trainer.history.lines())
        if row["epoch"] % self.every == 0 or row["epoch"] == self.trainer.settings.epochs:
            save_checkpoint(self.trainer, self.folder.checkpoint)

    def keep_good(self) -> None:
        """The weights of the last good epoch, for a training that cannot go on."""
        self.folder.result.unlink(missing_ok=True)
        if not len(self.trainer.history):
            self.folder.checkpoint.unlink(missing_ok=True)
        write_whole(self.folder.history, self.trainer.history.lines())
        save_model(self.trainer.model, self.folder.model)

    def where_to_go_on(self) -> str:
        """What to do after an interruption."""
        if len(self.trainer.history) and self.folder.checkpoint.exists():
            return f"; --resume goes on from {self.folder.checkpoint}"
        return "; no checkpoint was written yet"


def _make(folder: ResultFolder) -> None:
    """Make the folder before the training, which may take long: that it cannot be made should be known now."""
    try:
        folder.path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(folder.model, error) from None


def _test(model: Model, test: Dataset | None) -> dict[str, float]:
    """Measures on the test data, printed; none where there is no such data."""
    if test is None or test.targets is None:
        return {}
    found = measure(model.loss, model.predict(test.pictures), test.targets)
    print(f"test: {scores(found)}  on {len(test):,} pictures")
    return found


def _result(trainer: Trainer, found: dict[str, float], seconds: dict[str, float]) -> dict[str, Any]:
    """What result.json holds."""
    network = trainer.model.network
    return {
        "name": network.name,
        "test": found,
        "epochs": len(trainer.history),
        "parameters": network.parameters,
        "macs": network.macs,
        "seconds": {name: round(value, 3) for name, value in seconds.items()},
        "versions": {
            "xonet": __version__,
            "python": platform.python_version(),
            "numpy": version("numpy"),
            "numba": version("numba"),
        },
        "seed": trainer.settings.seed,
        "digest": digest(trainer.model.parameters),
    }
