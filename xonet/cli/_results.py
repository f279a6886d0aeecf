"""Where a run's results lie, and how verbs find a trained model again."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xonet.engine.model import Model
    from xonet.network import Network

MODEL, CHECKPOINT, HISTORY, RESULT = "model.safetensors", "checkpoint.safetensors", "history.jsonl", "result.json"


def add_out(parser: argparse.ArgumentParser) -> None:
    """`--out`."""
    parser.add_argument("--out", metavar="DIR", help="the folder of the results (default: runs/NAME)")


def add_engine(parser: argparse.ArgumentParser) -> None:
    """`--engine` and `--threads`."""
    parser.add_argument(
        "--engine", choices=("native", "reference"), default="native", help="what computes (default: %(default)s)"
    )
    parser.add_argument(
        "--threads", type=_count, metavar="N", help="how many threads at most; results do not depend on it"
    )


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def folder(network: Network, out: str | None) -> Path:
    """Where a network's results go."""
    return Path(out) if out else Path("runs") / network.name


def engine_options(arguments: argparse.Namespace) -> dict[str, Any]:
    """What `Model` is made with."""
    from xonet.cli._progress import announce

    return {"engine": arguments.engine, "threads": arguments.threads, "announce": announce}


def trained(arguments: argparse.Namespace) -> tuple[Model, list[str]]:
    """The model that a verb's FILE stands for, and remarks about it.

    FILE is a model file itself; or a network file, whose last run's model is taken, as the network it was trained as;
    or, where nothing was ever trained, a network file with weights of its own.

    Raises:
        DataError: where there is no model, or it is broken.
    """
    from xonet.data import DataError
    from xonet.engine.model import Model
    from xonet.network import load

    options = engine_options(arguments)
    if arguments.file.endswith(".safetensors"):
        return Model.load(arguments.file, **options), []
    network = load(arguments.file, arguments.overrides, arguments.data_root)
    path = folder(network, arguments.out) / MODEL
    if not path.exists() and network.document.training is None:
        return Model(network, **options), []
    if not path.exists():
        raise DataError(f"{path}: no trained model; train it first: xonet run {arguments.file}")
    model = Model.load(path, **options)
    same = (model.network.text, model.network.overrides) == (network.text, network.overrides)
    changed = f"{arguments.file} has changed since {path} was trained; this is the network as it was trained"
    return model, [] if same else [changed]
