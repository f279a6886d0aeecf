"""`xonet run`: what the file declares. It trains and tests; or, without training, it runs forward and prints all numbers."""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xonet.cli import FINDINGS, FINE, INTERRUPTED
from xonet.cli._arguments import add_file
from xonet.cli._results import (
    CHECKPOINT,
    HISTORY,
    MODEL,
    RESULT,
    add_engine,
    add_out,
    engine_options,
    folder,
)

if TYPE_CHECKING:
    from xonet.data._sets import Sets
    from xonet.engine.model import Model
    from xonet.network import Network
    from xonet.training import Trainer

HELP = "do what the file declares: train and test the network, or run it forward and print every layer's output"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file and how to run it."""
    add_file(parser)
    add_out(parser)
    add_engine(parser)
    parser.add_argument("--seed", type=int, metavar="N", help="another seed than the file's")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")


def run(arguments: argparse.Namespace) -> int:
    """Train, or run forward."""
    began = time.perf_counter()
    from xonet.cli._findings import print_findings
    from xonet.diagnostics import InvalidNetwork
    from xonet.network import load

    seed = [] if arguments.seed is None else [f"training.seed={arguments.seed}"]
    network = load(arguments.file, [*arguments.overrides, *seed], arguments.data_root)
    if network.document.data is None:
        raise InvalidNetwork([replace(finding, severity="error") for finding in network.warnings])
    if network.warnings:
        print_findings(network.warnings, arguments, sys.stderr)
    training = network.document.training
    if training is None or (training.epochs == 0 and network.document.data.pictures is not None):
        return _forward(network, arguments)
    return _train(network, arguments, began)


def _forward(network: Network, arguments: argparse.Namespace) -> int:
    """Print what every layer makes of `data.pictures`."""
    from xonet.engine.model import Model
    from xonet.engine.plan import one_hot
    from xonet.engine.reference import ReferenceEngine
    from xonet.losses import LOSSES
    from xonet.pictures.numbers import error_lines, forward_lines

    assert network.document.data is not None and network.document.data.pictures is not None
    data = network.document.data.pictures.load(network.wanted)
    _say(data.notes)
    model = Model(network, engine="reference")
    engine = ReferenceEngine(model.plan)
    x, outputs = engine.input(data.pictures), list(model.outputs(data.pictures))
    scores = outputs[-1][1].reshape(len(x), -1)
    for index in range(len(x)):
        name = data.names[index] if data.names else ""
        if not name and data.targets is not None and network.classes:
            name = network.classes[int(data.targets[index])]
        for text in forward_lines(index, name, x, outputs, network.classes):
            print(text)
        if network.document.training is not None and data.targets is not None:
            right = one_hot(data.targets, model.plan.outputs)[index]
            print(f"{LOSSES.word(model.loss)}: right answer - actual answer")
            names = network.classes or [str(n) for n in range(model.plan.outputs)]
            for text in error_lines(scores[index], right, names):
                print(text)
        print()
    return FINE


def _train(network: Network, arguments: argparse.Namespace, began: float) -> int:
    from xonet.cli._progress import Progress
    from xonet.data import DataError
    from xonet.data._sets import load_sets
    from xonet.engine.model import Model
    from xonet.training import LossIsNaN, Settings, Trainer
    from xonet.training.saving import load_checkpoint, save_checkpoint, save_model, write_beside

    assert network.document.data is not None and network.document.training is not None
    settings = Settings.of(network)
    sets = load_sets(network.document.data, network.wanted, settings.seed)
    _say(sets.notes)
    if sets.train is None:
        raise DataError(f"{arguments.file}: training needs data.train")
    out = folder(network, arguments.out)
    model = Model(network, **engine_options(arguments))
    train = model.dataset(sets.train)
    trainer = Trainer(model, train, sets.validation, settings)
    if arguments.resume and not load_checkpoint(trainer, out / CHECKPOINT):
        _say([f"{arguments.file} has changed since the checkpoint; training goes on with the file as it is now"])
    every = network.document.training.checkpoint_every

    with Progress(settings.epochs, trainer.steps_per_epoch) as progress:

        def keep(row: dict[str, Any]) -> None:
            progress.epoch(row)
            if row["epoch"] % every == 0 or row["epoch"] == settings.epochs:
                save_checkpoint(trainer, out / CHECKPOINT)
            write_beside(out / HISTORY, trainer.history.lines())

        trainer.on_epoch = keep
        trainer.watch = progress.watch if progress.drawn else None
        trained_from = time.perf_counter()
        broken: LossIsNaN | None = None
        try:
            trainer.run()
        except LossIsNaN as error:
            broken = error
        except KeyboardInterrupt:
            kept = out / CHECKPOINT
            also = f"; go on from {kept} with --resume" if kept.exists() else "; no epoch was over yet"
            print(f"interrupted{also}", file=sys.stderr)
            return INTERRUPTED
    training_seconds = time.perf_counter() - trained_from
    save_model(model, out / MODEL)
    if broken is not None:
        print(f"xonet: {broken}", file=sys.stderr)
        print(f"weights: {out / MODEL}", file=sys.stderr)
        return FINDINGS
    return _finish(trainer, sets, arguments, out, (began, training_seconds))


def _finish(
    trainer: Trainer, sets: Sets, arguments: argparse.Namespace, out: Path, times: tuple[float, float]
) -> int:
    """Measure on the test data, and write the result."""
    from xonet.cli._findings import print_findings
    from xonet.cli._progress import scores
    from xonet.cli._verdict import missed
    from xonet.kernels.library import compile_seconds
    from xonet.training.metrics import measure
    from xonet.training.saving import digest, write_beside

    model, network = trainer.model, trainer.model.network
    found: dict[str, float] = {}
    if sets.test is not None and sets.test.targets is not None:
        found = measure(model.loss, model.predict(sets.test.pictures), sets.test.targets)
        print(f"test: {scores(found)}  on {len(sets.test):,} pictures")
    print(f"weights: {out / MODEL}")
    began, training_seconds = times
    result = {
        "name": network.name,
        "test": found,
        "epochs": len(trainer.history),
        "parameters": network.parameters,
        "macs": network.macs,
        "seconds": {
            "compile": round(compile_seconds(), 3),
            "train": round(training_seconds, 3),
            "total": round(time.perf_counter() - began, 3),
        },
        "versions": _versions(),
        "seed": trainer.settings.seed,
        "digest": digest(model.parameters),
    }
    write_beside(out / RESULT, json.dumps(result, indent=2) + "\n")
    findings = missed(network, found)
    if findings:
        print_findings(findings, arguments, sys.stderr)
    return FINDINGS if findings else FINE


def _versions() -> dict[str, str]:
    import platform
    from importlib.metadata import version

    from xonet import __version__

    return {"xonet": __version__, "python": platform.python_version(), "numpy": version("numpy"), "numba": version("numba")}


def _say(notes: list[str]) -> None:
    for note in notes:
        print(f"note: {note}", file=sys.stderr)
