"""Models and checkpoints as files. They contain only data: nothing in them can run."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from xonet.arrays import Arrays, fill, must_fit, read_arrays, shown, write_arrays
from xonet.data import DataError
from xonet.diagnostics import Diagnostic, InvalidNetwork, Source
from xonet.engine.plan import EMA
from xonet.folders import PathLike
from xonet.network import Network, check_text, loads
from xonet.network.statistics import NAMES
from xonet.training.course import Trainable
from xonet.training.history import History
from xonet.training.loop import Trainer
from xonet.version import __version__


def save_model(model: Trainable, path: PathLike, about: Mapping[str, str] | None = None) -> None:
    """Parameters of one moment, and in the metadata the network's text, with `about`: what is known of their run.

    Raises:
        OSError: where the file cannot be written.
    """
    # copied, as other threads may train it or write to it meanwhile
    arrays = {**model.plan.places.views(model.plan.copied()), **_known_statistics(model)}
    write_arrays(path, "model", arrays, {**_about(model.network), **(about or {})})


def read_model(
    path: PathLike, overrides: Sequence[str] = (), data_root: PathLike | None = None
) -> tuple[Network, Arrays]:
    """The network that a model was saved with, and its parameters by name; `fill` holds them against the network's.

    Args:
        path: The file.
        overrides: Values that replace the network's, as `--set` takes them.
        data_root: Where paths in the network begin; by default where they began when it was saved.

    Raises:
        DataError: where the file is cut short, edited, or something else.
        InvalidNetwork: where `overrides` are wrong.
    """
    arrays, about = read_arrays(path, "model")
    network = network_of(path, "model", about, overrides, data_root)
    return network, _of(network, arrays)


def load_network(path: PathLike, overrides: Sequence[str] = (), data_root: PathLike | None = None) -> Network:
    """The network in a model file, without its parameters; arguments and errors as for `read_model`."""
    return read_model(path, overrides, data_root)[0]


def check_model(
    path: PathLike, overrides: Sequence[str] = (), data_root: PathLike | None = None, *, sees_data: bool = True
) -> list[Diagnostic]:
    """What `validate` finds in the network of a model file; arguments and errors as for `read_model`."""
    arrays, about = read_arrays(path, "model")
    text, _, before, root = _told(path, "model", about)
    source = Source(os.fspath(path), text)
    network, findings = check_text(source, [*before, *overrides], Path(data_root or root), sees_data=sees_data)
    if network is not None and not any(finding.severity == "error" for finding in findings):
        shapes = {
            operation.full_name(parameter): parameter.shape
            for operation in network.operations
            for parameter in operation.parameters
        }
        arrays = _of(network, arrays)
        shapes |= {name: shape for name, shape in network.document.input.statistics.items() if name in arrays}
        must_fit(path, {name: np.broadcast_to(np.float32(0), shape) for name, shape in shapes.items()}, arrays)
    return findings


def fill_model(model: Trainable, path: PathLike) -> None:
    """Give a model the parameters of a file.

    Raises:
        DataError: where the file is cut short, edited, or of another network.
    """
    fill_with(path, model, read_arrays(path, "model")[0])


def fill_with(path: PathLike, model: Trainable, arrays: Arrays, more: Mapping[str, np.ndarray] | None = None) -> None:
    """Give a model the arrays of the file at `path`: parameters, and what is known of the input; `more` as for `fill`.

    Raises:
        DataError: where they do not fit.
    """
    statistics = {name: np.empty_like(old) for name, old in model.statistics.items() if name in arrays}
    fill(path, {**model.parameters, **statistics, **(more or {})}, arrays)
    model.set_statistics(statistics)


def network_of(
    path: PathLike, kind: str, about: Mapping[str, str], overrides: Sequence[str] = (), root: PathLike | None = None
) -> Network:
    """The network that the metadata of a file declare.

    Raises:
        DataError: where something is missing there, or the network is not valid in this version.
        InvalidNetwork: where `overrides` are wrong.
    """
    text, file, before, told_root = _told(path, kind, about)
    where = told_root if root is None else root
    try:
        network = loads(text, file, before, where)
    except InvalidNetwork as invalid:
        first = next((one for one in invalid.diagnostics if one.severity == "error"), invalid.diagnostics[0])
        written = f"xonet {shown(about['xonet'])} wrote it, and this is {__version__}"
        raise DataError(
            f"{path}: expected a {kind} whose network is valid, but it is not ({shown(first.message)}): {written}"
        ) from None
    return loads(text, file, [*before, *overrides], where) if overrides else network


def save_checkpoint(trainer: Trainer, path: PathLike, about: Mapping[str, str] | None = None) -> None:
    """Everything from which training goes on as if it had never stopped; `about` as for `save_model`.

    Raises:
        OSError: where the file cannot be written.
    """
    trainer.keep_best()
    rows = [{name: value for name, value in row.items() if name != "seconds"} for row in trainer.history]
    arrays = _training_arrays(trainer)
    texts = {**_about(trainer.model.network), **(about or {}), "history": json.dumps(rows)}
    if trainer.averages.count:
        texts["swa"] = str(trainer.averages.count)
    if trainer.best is not None:
        arrays |= _best_arrays(trainer, trainer.best)
        texts["best"] = str(trainer.best_epoch + 1)
    write_arrays(path, "checkpoint", arrays, texts)


def load_checkpoint(trainer: Trainer, path: PathLike) -> list[str]:
    """Bring a trainer to where the checkpoint was made; gives what had to be left behind, a line each.

    Where the optimizer's vectors are those of another, they begin with zeros. Where another epoch is the best by what
    is monitored now, its weights are gone, and the best is sought from the last epoch on. Rows have no `seconds`.

    Raises:
        DataError: where the file is cut short, edited, or of another network.
    """
    arrays, about = read_arrays(path, "checkpoint")
    rows = _json(path, "checkpoint", about, "history")
    if not isinstance(rows, list) or not all(map(_is_row, rows, [{"epoch": 0}, *rows])):
        raise _unreadable(path, "checkpoint", "history")
    best = np.zeros_like(trainer.model.plan.flat)
    best_places = _best_arrays(trainer, best)
    places: Arrays = {}
    lost = []
    vectors = {name: view for name, view in _training_arrays(trainer).items() if name.startswith("optimizer.")}
    if vectors.keys() == {name for name in arrays if name.startswith("optimizer.")}:
        places |= vectors
    else:
        lost.append("the optimizer is a different one: its state (momentum, means of gradients) starts at zero")
        arrays = {name: array for name, array in arrays.items() if not name.startswith("optimizer.")}
    for word, what in (("ema", "the weights' average"), ("swa", "the mean of weights")):
        there = any(name.startswith(f"{word}/") for name in arrays)
        if there and getattr(trainer.settings, word) is None:
            lost.append(f"training.{word} is gone from the file, and {what} with it")
            arrays = {name: array for name, array in arrays.items() if not name.startswith(f"{word}/")}
        elif there and word == "swa":
            trainer.averages.count = _count(path, about, "swa", len(rows))
    averages = trainer.averages.arrays()
    places |= {name: view for name, view in averages.items() if name in arrays}
    has_best = not best_places.keys().isdisjoint(arrays)
    fill_with(path, trainer.model, arrays, {**places, **(best_places if has_best else {})})
    trainer.history = History(rows)
    if not any(name.startswith("ema/") for name in arrays):
        trainer.begin_average()
    if rows and trainer.keeps_best:
        wanted = trainer.best_epoch
        if has_best and about.get("best", "") == str(wanted + 1):
            trainer.best = best
        elif wanted == len(rows) - 1:
            trainer.keep_best()
        else:
            trainer.best_from = len(rows) - 1
            trainer.keep_best()
            lost.append(
                f"by what is monitored now, epoch {wanted + 1} was the best, but its weights were not kept: "
                f"the best is chosen from epoch {len(rows)} on"
            )
    return lost


def _told(path: PathLike, kind: str, about: Mapping[str, str]) -> tuple[str, str, list[str], str]:
    """(text, file, overrides, root) of the network that the metadata tell.

    Raises:
        DataError: where something is missing there, or is not what `_about` writes.
    """
    if missing := sorted({"network", "file", "overrides", "root", "xonet"} - set(about)):
        raise DataError(f"{path}: expected a {kind} with its network, but its metadata lack {', '.join(missing)}")
    overrides = _json(path, kind, about, "overrides")
    if not isinstance(overrides, list) or not all(isinstance(override, str) for override in overrides):
        raise _unreadable(path, kind, "overrides")
    return about["network"], _name(path, kind, about, "file"), overrides, _name(path, kind, about, "root")


def _is_row(row: Any, before: Any) -> bool:
    """Whether it is a row of a history, an epoch after the one before it or a part of one."""
    return (
        isinstance(row, dict)
        and all(isinstance(value, int | float) and not isinstance(value, bool) for value in row.values())
        and {"epoch", "loss", "learning_rate"} <= set(row)
        and before["epoch"] < row["epoch"] <= math.floor(before["epoch"]) + 1
    )


def _json(path: PathLike, kind: str, about: Mapping[str, str], name: str) -> Any:
    try:
        return json.loads(about.get(name, ""))
    except (ValueError, RecursionError):
        raise _unreadable(path, kind, name) from None


def _count(path: PathLike, about: Mapping[str, str], name: str, most: int) -> int:
    text = about.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most):
        raise _unreadable(path, "checkpoint", name)
    return int(text)


def _name(path: PathLike, kind: str, about: Mapping[str, str], name: str) -> str:
    """A path in the metadata: as it is, or in JSON where it begins with a quote, as one that is not Unicode does."""
    text = about[name]
    if text.startswith('"'):
        text = _json(path, kind, about, name)
    if not isinstance(text, str) or "\0" in text:
        raise _unreadable(path, kind, name)
    return text


def _written_name(text: str) -> str:
    return json.dumps(text) if text.startswith('"') or not text.isprintable() else text


def _unreadable(path: PathLike, kind: str, name: str) -> DataError:
    return DataError(f"{path}: expected a {kind} as xonet writes it, but its metadata's {name} is not valid")


def _training_arrays(trainer: Trainer) -> Arrays:
    """Views of what training changes: parameters by name, an optimizer's vectors as `optimizer.NAME/PARAMETER`."""
    places = trainer.model.plan.places
    arrays = {**places.views(trainer.averages.learning), **trainer.averages.arrays()}
    arrays |= _known_statistics(trainer.model)
    for vector, values in trainer.state.vectors.items():
        if vector != EMA:
            arrays |= {f"optimizer.{vector}/{name}": view for name, view in places.views(values).items()}
    return arrays


def _known_statistics(model: Trainable) -> Arrays:
    return {name: values for name, values in model.statistics.items() if not np.isnan(values).any()}


def _of(network: Network, arrays: Arrays) -> Arrays:
    """Without statistics of an input that `overrides` have changed."""
    wanted = network.document.input.statistics
    return {name: array for name, array in arrays.items() if name not in NAMES.values() or name in wanted}


def _best_arrays(trainer: Trainer, best: np.ndarray) -> Arrays:
    """Views of the best epoch's parameters, as `best/PARAMETER`."""
    return {f"best/{name}": view for name, view in trainer.model.plan.places.views(best).items()}


def _about(network: Network) -> dict[str, str]:
    """What makes the network again, `loads(network, file, overrides, root)`, and the version that wrote it."""
    return {
        "xonet": __version__,
        "file": _written_name(network.source.name),
        "network": network.text,
        "overrides": json.dumps(list(network.overrides)),
        "root": _written_name(os.fspath(network.root)),
    }
