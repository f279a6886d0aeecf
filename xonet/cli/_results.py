"""Where a run's results lie, and how verbs find a trained model again."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xonet.engine.model import Model
    from xonet.network import Network

MODEL_SUFFIX = ".safetensors"


@dataclass(frozen=True)
class ResultFolder:
    """The folder of one run's results: by default runs/NAME."""

    path: Path

    @classmethod
    def of(cls, network: Network, out: str | None) -> ResultFolder:
        """Where a network's results go; `out` is what `--out` says."""
        return cls(Path(out) if out else Path("runs") / network.name)

    @property
    def model(self) -> Path:
        """The trained network: its weights, and its file in the metadata."""
        return self.path / f"model{MODEL_SUFFIX}"

    @property
    def checkpoint(self) -> Path:
        """What `--resume` goes on from."""
        return self.path / f"checkpoint{MODEL_SUFFIX}"

    @property
    def history(self) -> Path:
        """One JSON object an epoch."""
        return self.path / "history.jsonl"

    @property
    def result(self) -> Path:
        """What the run came to, as JSON; there is one only beside the model that it is about."""
        return self.path / "result.json"


def add_out(parser: argparse.ArgumentParser) -> None:
    """`--out`."""
    parser.add_argument("--out", metavar="DIR", help="the folder of the results (default: runs/NAME)")


def add_engine(parser: argparse.ArgumentParser) -> None:
    """`--engine` and `--threads`."""
    parser.add_argument(
        "--engine", choices=("native", "reference"), default="native", help="what computes (default: %(default)s)"
    )
    add_threads(parser, "how many threads at most; results do not depend on it")


def add_threads(parser: argparse.ArgumentParser, meaning: str) -> None:
    """`--threads`."""
    parser.add_argument("--threads", type=_threads, metavar="N", help=meaning)


def _threads(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"a number from 1 on is needed, not {text!r}")
    return int(text)


def engine_options(arguments: argparse.Namespace) -> dict[str, Any]:
    """What `Model` is made with."""
    from xonet.cli._progress import announcer

    return {"engine": arguments.engine, "threads": arguments.threads, "announce": announcer()}


def runs_forward(network: Network) -> bool:
    """Whether there is nothing to train: weights are the file's, and `run` shows what they make of pictures."""
    document = network.document
    training, data = document.training, document.data
    return training is None or (training.epochs == 0 and data is not None and data.pictures is not None)


def trained(arguments: argparse.Namespace) -> Model:
    """The model that a verb's FILE stands for; what a user should know about it is said.

    FILE is a model file itself; or a network file, whose last run's model is taken, as the network it was trained as;
    or, where there is nothing to train, a network file with weights of its own.

    Raises:
        DataError: where there is no model, or it is broken.
    """
    from xonet.data import DataError
    from xonet.engine.model import Model
    from xonet.network import load

    options = engine_options(arguments)
    if arguments.file.endswith(MODEL_SUFFIX):
        return Model.load(arguments.file, overrides=arguments.overrides, data_root=arguments.data_root, **options)
    network = load(arguments.file, arguments.overrides, arguments.data_root)
    path = ResultFolder.of(network, arguments.out).model
    if not path.exists():
        if runs_forward(network):
            return Model(network, **options)
        raise DataError(f"{path}: no trained model; train it first: xonet run {arguments.file}")
    model = Model.load(path, overrides=arguments.overrides, data_root=network.root, **options)
    say(_differences(model.network, network, path))
    return model


def _differences(then: Network, now: Network, path: Path) -> Iterable[str]:
    """In what the network of the model at `path` is not what its file says."""
    if then.text != now.text:
        yield f"{now.source.name} has changed since {path} was trained; this is the network as it was trained"
    used = [override for override in then.overrides if override not in now.overrides]
    if used:
        yield f"{path} was trained with {' '.join(f'--set {override}' for override in used)}"


def say(notes: Iterable[str]) -> None:
    """Remarks that are no findings."""
    for note in notes:
        print(f"note: {note}", file=sys.stderr)
