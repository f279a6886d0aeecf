"""Where a run's results are, and how commands find a trained model."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xonet.model import Model
    from xonet.network import Network
    from xonet.training.runs import Found, Run

MODEL_SUFFIX = ".safetensors"


def add_out(parser: argparse.ArgumentParser) -> None:
    """`--out`."""
    parser.add_argument(
        "--out",
        metavar="DIR",
        help="the folder for the results (default: runs/NAME, or runs/NAME-2, … if that is another run's)",
    )


def add_engine(parser: argparse.ArgumentParser) -> None:
    """`--engine` and `--threads`."""
    parser.add_argument(
        "--engine",
        choices=("native", "reference"),
        default="native",
        help="compiled kernels or plain NumPy (default: %(default)s)",
    )
    add_threads(parser, "the maximum number of threads; results do not depend on it")


def add_mirror(parser: argparse.ArgumentParser) -> None:
    """`--mirror`."""
    parser.add_argument(
        "--mirror", action="store_true", help="average each picture's scores with those of its mirror image"
    )


def mirrors(arguments: argparse.Namespace, network: Network, *verbs: str) -> bool:
    """Whether the command asks for that, or the network's file, in the first of these sections that it has.

    Raises:
        DataError: where it cannot be done.
    """
    from xonet.data import DataError
    from xonet.network.rules.mirrors import hindrance

    if not getattr(arguments, "mirror", False):
        return network.mirrors(*verbs)
    if why := hindrance(network):
        raise DataError(f"{arguments.file}: --mirror: {why}")
    return True


def add_threads(parser: argparse.ArgumentParser, meaning: str) -> None:
    """`--threads`."""
    parser.add_argument("--threads", type=_threads, metavar="N", help=meaning)


def _threads(text: str) -> int:
    from xonet.model import MOST_THREADS

    if not (text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= MOST_THREADS):
        short = text if len(text) < 20 else f"{text[:20]}…"
        raise argparse.ArgumentTypeError(f"must be a whole number from 1 to {MOST_THREADS}, not {short!r}")
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
    """The model of `trained_run`."""
    return trained_run(arguments)[0]


def trained_run(arguments: argparse.Namespace) -> tuple[Model, Run | None]:
    """The model that a verb's FILE stands for, and the run that made it; what a user should know about it is said.

    FILE is a model file itself; or a network file, whose last run's model is taken, as the network it was trained as;
    or, where there is nothing to train, a network file with weights of its own.

    Raises:
        DataError: where there is no model, or it is broken.
    """
    from xonet.arrays import read_about
    from xonet.data import DataError
    from xonet.model import Model
    from xonet.network import load
    from xonet.training.runs import Run, RunFolder, base

    options = engine_options(arguments)
    if arguments.file.endswith(MODEL_SUFFIX):
        model = Model.load(arguments.file, overrides=arguments.overrides, data_root=arguments.data_root, **options)
        return model, Run.read(read_about(arguments.file, "model").get("run", ""))
    network = load(arguments.file, arguments.overrides, arguments.data_root)
    found = _found(network, arguments.out)
    if not found:
        if runs_forward(network):
            return Model(network, **options), None
        where = RunFolder(Path(arguments.out) if arguments.out else base(network.name))
        raise DataError(f"{where.model}: no trained model; train one first: xonet run {arguments.file}")
    path = found[0].folder.model
    model = Model.load(path, overrides=arguments.overrides, data_root=network.root, **options)
    say(_remarks(found, model.network, network))
    return model, found[0].run


def _found(network: Network, out: str | None) -> list[Found]:
    """The models that a network file may stand for, the best guess first.

    Before others come those of finished runs, then those made by the file's settings of now, then newer ones.
    """
    from xonet.training.runs import Run, RunFolder, age, base, look_at, model_differences, numbered

    folders = map(RunFolder, [Path(out)] if out else numbered(base(network.name)))
    found = [one for folder in folders if (one := look_at(folder, folder.model, "model"))]
    now = Run.of(network)

    def same(one: Found) -> bool:
        # one that went on with other settings than it had begun with is not what these settings alone make
        run = one.run
        return run is not None and not run.resumed and not model_differences(run, now)

    ours = [one for one in found if out or one.run is None or one.run.name == network.name]
    return sorted(ours, key=lambda one: (one.finished, same(one), *age(one)), reverse=True)


def _remarks(found: list[Found], then: Network, now: Network) -> Iterable[str]:
    """Which of the models that were found is used, and in what its network is not what its file says."""
    from xonet.training.runs import Run, listed, model_differences

    used, *others = found
    path = used.folder.model
    if others:
        yield f"{path} is used; there are also results in {', '.join(str(one.folder) for one in others)}"
    different = model_differences(Run.of(then), Run.of(now))
    if different:
        yield (
            f"{path} was trained with different settings than {now.source.name} has now ({listed(different)}); "
            "this is the network as it was trained"
        )
    if not used.finished and used.run is not None:
        yield f"{path} is from an interrupted run: its weights are those at the end of epoch {used.epochs}"


def say(notes: Iterable[str]) -> None:
    """Remarks that are no findings."""
    for note in notes:
        with contextlib.suppress(OSError):  # nobody can be told
            print(f"note: {note}", file=sys.stderr)
