"""Models and checkpoints as files. What is in them is data: nothing in them can run."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from xonet import __version__
from xonet.data import DataError
from xonet.diagnostics import Diagnostic, InvalidNetwork, Source
from xonet.training.files import Arrays, PathLike, fill, read_arrays, write_arrays
from xonet.training.history import History

if TYPE_CHECKING:
    from xonet.engine.model import Model
    from xonet.network import Network
    from xonet.training.loop import Trainer


def save_model(model: Model, path: PathLike) -> None:
    """Parameters, and the network's text in the metadata.

    Raises:
        OSError: where the file cannot be written.
    """
    write_arrays(path, "model", model.parameters, _about(model.network))


def load_model(
    path: PathLike, overrides: Sequence[str] = (), data_root: PathLike | None = None, **options: Any
) -> Model:
    """The model in a file, with the network it was saved with.

    Args:
        path: The file.
        overrides: Values that replace the network's, as `--set` takes them.
        data_root: Where paths in the network begin; by default where they began when it was saved.
        options: What `Model` takes.

    Raises:
        DataError: where the file is cut short, edited, something else, or does not fit what `overrides` make of it.
        InvalidNetwork: where `overrides` are wrong.
    """
    from xonet.engine.model import Model

    arrays, about = read_arrays(path, "model")
    model = Model(_network(path, about, overrides, data_root), **options)
    fill(path, model.parameters, arrays)
    return model


def load_network(path: PathLike, overrides: Sequence[str] = (), data_root: PathLike | None = None) -> Network:
    """The network in a model file, without its parameters; arguments and errors as for `load_model`."""
    return _network(path, read_arrays(path, "model")[1], overrides, data_root)


def check_model(
    path: PathLike, overrides: Sequence[str] = (), data_root: PathLike | None = None, *, sees_data: bool = True
) -> list[Diagnostic]:
    """What `validate` finds in the network of a model file; arguments and errors as for `load_model`."""
    from xonet.network import check_text

    about = read_arrays(path, "model")[1]
    source, root = Source(os.fspath(path), about["network"]), Path(data_root or about["root"])
    return check_text(source, [*json.loads(about["overrides"]), *overrides], root, sees_data=sees_data)[1]


def _network(path: PathLike, about: dict[str, str], overrides: Sequence[str], data_root: PathLike | None) -> Network:
    """The network that a model file's metadata tells."""
    from xonet.network import loads

    text, file, before = about["network"], about["file"], json.loads(about["overrides"])
    root = about["root"] if data_root is None else data_root
    try:
        network = loads(text, file, before, root)
    except InvalidNetwork:
        written = f"xonet {about['xonet']} wrote it, and this is {__version__}"
        raise DataError(f"{path}: expected a model whose network is valid, but it is not: {written}") from None
    if overrides:
        network = loads(text, file, [*before, *overrides], root)
    return network


def save_checkpoint(trainer: Trainer, path: PathLike) -> None:
    """Everything from which training goes on as if it had never stopped.

    Raises:
        OSError: where the file cannot be written.
    """
    about = {**_about(trainer.model.network), "history": json.dumps(trainer.history.rows)}
    arrays = _training_arrays(trainer)
    if trainer.best is not None:
        arrays |= _best_arrays(trainer, trainer.best)
    write_arrays(path, "checkpoint", arrays, about)


def load_checkpoint(trainer: Trainer, path: PathLike) -> bool:
    """Bring a trainer to where the checkpoint was made; gives whether the network file is still the same.

    Raises:
        DataError: where the file is cut short, edited, or of another network.
    """
    arrays, about = read_arrays(path, "checkpoint")
    places = _training_arrays(trainer)
    best = np.zeros_like(trainer.model.plan.flat)
    best_places = _best_arrays(trainer, best)
    has_best = not best_places.keys().isdisjoint(arrays)
    fill(path, {**places, **(best_places if has_best else {})}, arrays)
    trainer.best = best if has_best and trainer.keeps_best else None
    trainer.history = History(json.loads(about["history"]))
    now = _about(trainer.model.network)
    return all(about[key] == now[key] for key in ("network", "overrides"))


def _training_arrays(trainer: Trainer) -> Arrays:
    """Views of what training changes: parameters by name, an optimizer's vectors as `optimizer.NAME/PARAMETER`."""
    places = trainer.model.plan.places
    arrays = dict(trainer.model.parameters)
    for vector, values in trainer.state.vectors.items():
        arrays |= {f"optimizer.{vector}/{name}": view for name, view in places.views(values).items()}
    return arrays


def _best_arrays(trainer: Trainer, best: np.ndarray) -> Arrays:
    """Views of the best epoch's parameters, as `best/PARAMETER`."""
    return {f"best/{name}": view for name, view in trainer.model.plan.places.views(best).items()}


def _about(network: Network) -> dict[str, str]:
    """What makes the network again, `loads(network, file, overrides, root)`, and the version that wrote it."""
    return {
        "xonet": __version__,
        "file": network.source.name,
        "network": network.text,
        "overrides": json.dumps(list(network.overrides)),
        "root": os.fspath(network.root),
    }
