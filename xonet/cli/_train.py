"""A training run: from a checked network to a trained one, its score on the test data, and files that hold both."""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from xonet.arrays import digest
from xonet.cli import FAILURE, FINDINGS, FINE
from xonet.cli._findings import print_findings, use_color
from xonet.cli._progress import Loading, Progress, scores
from xonet.cli._recorder import Recorder, fill_seconds
from xonet.cli._results import engine_options, say
from xonet.cli._signals import Stopped, stopping
from xonet.cli._verdict import missed, not_finite
from xonet.data._sets import load_sets
from xonet.kernels.loading import compile_seconds
from xonet.language.words import counted
from xonet.model import Model
from xonet.training import LossIsNaN, Settings, Trainer
from xonet.training.claims import Claims
from xonet.training.course import Trainable
from xonet.training.metrics import evaluate
from xonet.training.places import Place, Source, find_source, open_place
from xonet.training.runs import Run, RunFolder, data_changes, listed, seen
from xonet.training.saving import fill_model, load_checkpoint
from xonet.version import __version__

if TYPE_CHECKING:
    from xonet.data import Dataset
    from xonet.network import Network


def train(network: Network, arguments: argparse.Namespace, began: float) -> int:
    """Train, test, and write the results; `began` is when the command did, by `time.perf_counter`."""
    assert network.document.data is not None and network.document.training is not None
    settings = Settings.of(network)
    with Loading(use_color(arguments, sys.stderr)):
        sets = load_sets(network.document.data, network.wanted, settings.seed)
    say(sets.notes)
    assert sets.train is not None, "a file with training and without data.train is not valid"
    run = replace(Run.of(network, arguments.engine), data=seen(sets))
    model = Model(network, **engine_options(arguments))
    measured = model.measure(sets.train.pictures)
    if not arguments.resume:  # a run that goes on has what it began with
        say(measured)
    validation = None if sets.validation is None else model.dataset(sets.validation)
    test = None if sets.test is None else model.dataset(sets.test)
    trainer = Trainer(model, model.dataset(sets.train), validation, settings)
    claims = Claims()
    try:
        with stopping(_letting_go(claims.close)), claims:
            return _take_folder(trainer, run, test, claims, arguments, began)
    except Stopped as stopped:
        claims.close()  # the signal may have fallen into the end of the block
        print(f"xonet: {stopped.said}", file=sys.stderr)
        return stopped.status


def _letting_go(let_go: Callable[[], None], last_words: Callable[[], str] = str) -> Callable[[], str]:
    """Last words of a process that ends at once; it leaves no empty folder, either."""

    def say() -> str:
        try:
            return last_words()
        finally:
            let_go()

    return say


def _take_folder(
    trainer: Trainer, run: Run, test: Dataset | None, claims: Claims, arguments: argparse.Namespace, began: float
) -> int:
    """Take the folder of an earlier run to go on with, or one of the run's own, and train there."""
    source = find_source(run, arguments.out, arguments.overwrite, claims) if arguments.resume else None
    if source and source.over:
        say([source.note])
        fill_model(trainer.model, source.found.folder.model)
        found, fault = _measure(trainer.model, test)
        _print_test(found, test)
        return _end(trainer.model.network, found, fault, source.found.folder, arguments)
    if source:
        run = _go_on(trainer, run, source)
    place = (source and source.place) or open_place(run, arguments.out, arguments.overwrite, claims)
    say(place.notes)
    return _train(trainer, run, place, test, arguments, began, source)


def _go_on(trainer: Trainer, run: Run, source: Source) -> Run:
    """Bring a trainer to where an earlier run was; gives what the run is from there on."""
    there = source.found.run
    assert there is not None, "find_source has looked"
    lost = load_checkpoint(trainer, source.found.folder.checkpoint)
    fill_seconds(trainer.history, source.found.folder.history)
    different = there.differences(replace(run, resumed=there.resumed))
    said = [f"{name} data: {text}" for name, text in data_changes(there, run)]
    # more epochs alone make it another run only where the learning rates of those that are over depend on it, or where
    # one that ended in the middle goes on: it was validated there
    kept: tuple[str, ...] = ("data.test", "data seen.test", "training.metrics")
    if not lost:
        kept = (*kept, "training.early_stopping")
    if not trainer.timeline.changed(trainer.history) and not trainer.amid:
        kept = (*kept, "training.epochs", "training.time_limit")
    changed = [each for each in different if not each.place.startswith(kept)]
    say([source.note, *said, *lost])
    if changed:
        say([f"from here on, {listed(changed)}"])
    names = ", ".join(each.place for each in changed) or ("weights that are gone" if lost else "")
    resumed = [*there.resumed, f"after epoch {source.found.epochs}: {names}"] if names else there.resumed
    return replace(run, resumed=resumed)


def _train(
    trainer: Trainer,
    run: Run,
    place: Place,
    test: Dataset | None,
    arguments: argparse.Namespace,
    began: float,
    source: Source | None,
) -> int:
    """Train in a folder that is ours."""
    network = trainer.model.network
    assert network.document.training is not None
    training_began = time.perf_counter()
    progress = Progress(trainer.settings.epochs, trainer.timeline.steps_per_epoch, use_color(arguments, sys.stderr))
    going_on = source is not None and source.found.folder == place.folder
    recorder = Recorder(trainer, run, place, network.document.training.checkpoint_every, progress, going_on)
    try:
        with stopping(_letting_go(place.claim.close, recorder.where_to_go_on)):
            try:
                with progress:
                    trainer.run()
                trained = time.perf_counter()
                found, fault = _measure(trainer.model, test)
                seconds = {"compile": compile_seconds(), "train": trained - training_began - compile_seconds()}
                seconds["total"] = time.perf_counter() - began
                folder = recorder.finish(json.dumps(_result(trainer, found, seconds), indent=2) + "\n")
            except LossIsNaN as error:
                recorder.stop()
                recorder.keep_good()
                print(f"xonet: {error}", file=sys.stderr)
                if len(trainer.history):
                    print(f"weights: {place.folder.model}", file=sys.stderr)
                return FINDINGS
            except Stopped as stopped:
                recorder.stop()
                print(f"xonet: {stopped.said}{recorder.where_to_go_on()}", file=sys.stderr)
                return stopped.status
    except OSError as error:
        print(f"xonet: {error.filename}: {error.strerror or error}{recorder.where_to_go_on()}", file=sys.stderr)
        return FAILURE
    say(_why(trainer))
    _print_test(found, test)
    return _end(network, found, fault, folder, arguments)


def _why(trainer: Trainer) -> list[str]:
    """Why training ended before all epochs were over, a line; none where they are."""
    if not trainer.ended_by:
        return []
    settings, done = trainer.settings, round(trainer.history.epochs, 2)
    stopping, limit = settings.early_stopping, settings.time_limit
    by_limit = trainer.ended_by == "time_limit" or stopping is None
    why = f"as {limit:g} s are over" if by_limit else f"as {stopping and stopping.monitor} no longer improved"
    return [f"training.{trainer.ended_by} ended training after {done} of {settings.epochs} epochs, {why}"]


def _end(
    network: Network, found: dict[str, float], fault: str, folder: RunFolder, arguments: argparse.Namespace
) -> int:
    """The last words of a run whose results are written; `fault`: why there are none on the test data."""
    print(f"weights: {folder.model}")
    if fault:
        print(f"xonet: data.test: {fault}", file=sys.stderr)
        return FINDINGS
    findings = missed(network, found)
    if findings:
        print_findings(findings, arguments, sys.stderr)
    return FINDINGS if findings else FINE


def _measure(model: Trainable, test: Dataset | None) -> tuple[dict[str, float], str]:
    """Measures on the test data, none where there is no such data; and why there are none all the same."""
    if test is None:
        return {}, ""
    found = evaluate(model, test, metrics=model.network.test_metrics, mirror=model.network.mirrors("test"))
    fault = not_finite(found.losses)
    return ({} if fault else found.row), fault


def _print_test(found: dict[str, float], test: Dataset | None) -> None:
    if found and test is not None:
        print(f"test: {scores(found)}  on {counted(len(test), 'picture')}")


def _result(trainer: Trainer, found: dict[str, float], seconds: dict[str, float]) -> dict[str, Any]:
    """What result.json holds."""
    network = trainer.model.network
    return {
        "name": network.name,
        "test": found,
        "epochs": trainer.history.epochs,
        "ended_by": trainer.ended_by or "epochs",
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
