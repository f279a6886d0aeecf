"""Files that hold numbers: models and checkpoints, as safetensors. What is in them is data: nothing in them can run."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from xonet import __version__
from xonet.data import DataError
from xonet.diagnostics import InvalidNetwork
from xonet.training.history import History

if TYPE_CHECKING:
    from xonet.engine.model import Model
    from xonet.network import Network
    from xonet.training.loop import Trainer

PathLike = str | os.PathLike[str]


def write_beside(path: PathLike, data: bytes | str) -> None:
    """Write a file whole or not at all: beside its place first, then renamed onto it.

    Raises:
        OSError: where there is no room or no permission; what was at `path` is still there.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data.encode() if isinstance(data, str) else data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(beside, 0o666 & ~_umask())
        os.replace(beside, path)
    except BaseException as error:
        Path(beside).unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename is None:
            error.filename = os.fspath(path)
        raise


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def digest(arrays: Mapping[str, np.ndarray]) -> str:
    """A fingerprint of arrays by name: the same bits, the same digest."""
    found = hashlib.blake2b(digest_size=16)
    for name in sorted(arrays):
        array = arrays[name]
        found.update(f"{name}{array.shape}{array.dtype.str}".encode() + np.ascontiguousarray(array).tobytes())
    return found.hexdigest()


def save_model(model: Model, path: PathLike) -> None:
    """Parameters, and the network's text in the metadata."""
    write_beside(path, _packed(model.parameters, {"kind": "model", **_about(model.network)}))


def load_model(path: PathLike, **options: Any) -> Model:
    """The model in a file, with its own network.

    Raises:
        DataError: where the file is cut short, edited, or something else.
    """
    from xonet.engine.model import Model
    from xonet.network import loads

    arrays, about = _unpacked(path, "model")
    try:
        network = loads(about["network"], f"{path}", json.loads(about["overrides"]), about["root"])
    except (InvalidNetwork, KeyError, ValueError):
        raise DataError(f"{path}: expected a model with its network, but the network in it is not valid") from None
    model = Model(network, **options)
    _put(arrays, model.parameters, path)
    return model


def save_checkpoint(trainer: Trainer, path: PathLike) -> None:
    """Everything from which training goes on as if it had never stopped."""
    model = trainer.model
    arrays = dict(model.parameters)
    arrays |= {f"optimizer/{name}": vector for name, vector in trainer.state.vectors.items()}
    if trainer.best is not None:
        arrays["best"] = trainer.best
    about = {"kind": "checkpoint", **_about(model.network), "history": json.dumps(trainer.history.rows)}
    write_beside(path, _packed(arrays, about))


def load_checkpoint(trainer: Trainer, path: PathLike) -> bool:
    """Bring a trainer to where the checkpoint was made; gives whether the network file is still the same.

    Raises:
        DataError: where the file is cut short, edited, or of another network.
    """
    arrays, about = _unpacked(path, "checkpoint")
    best = arrays.pop("best", None)
    flat = trainer.model.plan.flat
    vectors = {f"optimizer/{name}": vector for name, vector in trainer.state.vectors.items()}
    _put(arrays, {**trainer.model.parameters, **vectors}, path)
    if best is not None and best.shape == flat.shape:
        trainer.best = best.copy()
    trainer.history = History(json.loads(about["history"]))
    now = _about(trainer.model.network)
    return all(about.get(key) == now[key] for key in ("network", "overrides"))


def _about(network: Network) -> dict[str, str]:
    return {
        "xonet": __version__,
        "name": network.name,
        "network": network.text,
        "overrides": json.dumps(list(network.overrides)),
        "root": os.fspath(network.root),
    }


def _packed(arrays: Mapping[str, np.ndarray], about: dict[str, str]) -> bytes:
    from safetensors.numpy import save

    whole = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    return bytes(save(whole, {**about, "digest": digest(whole)}))


def _unpacked(path: PathLike, kind: str) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """Arrays and metadata of a file that this module wrote.

    Raises:
        DataError: where it is missing, cut short, edited, or something else.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        data = Path(path).read_bytes()
    except FileNotFoundError:
        raise DataError(f"{path}: no such {kind}") from None
    try:
        arrays = load(data)
        length = int.from_bytes(data[:8], "little")
        about = json.loads(data[8 : 8 + length]).get("__metadata__", {})
    except (SafetensorError, ValueError, KeyError) as error:
        raise DataError(f"{path}: expected a {kind} (safetensors), but it is cut short or something else: {error}") from None
    if about.get("kind") != kind:
        raise DataError(f"{path}: expected a {kind} that xonet wrote, found a safetensors file without one")
    if about.get("digest") != digest(arrays):
        raise DataError(f"{path}: the numbers in it are not those that were written: the file was edited or damaged")
    return arrays, about


def _put(arrays: dict[str, np.ndarray], places: Mapping[str, np.ndarray], path: PathLike) -> None:
    """Arrays to their places.

    Raises:
        DataError: where there are others, or of other shapes.
    """
    for name, place in places.items():
        found = arrays.get(name)
        if found is None or found.shape != place.shape:
            has = "has none" if found is None else f"has {found.shape}"
            raise DataError(f"{path}: the network needs {name} of shape {place.shape}, and the file {has}")
    if more := set(arrays) - set(places):
        raise DataError(f"{path}: holds {min(more)}, which the network has not")
    for name, place in places.items():
        place[...] = arrays[name]
