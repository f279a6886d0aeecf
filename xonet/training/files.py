"""Files written whole or not at all, and arrays in safetensors files whose every bit is checked when they are read."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from xonet.data import DataError

PathLike = str | os.PathLike[str]
Arrays = dict[str, np.ndarray]


def write_whole(path: PathLike, data: bytes | str) -> None:
    """Write a file beside its place first, then rename it onto it, so that nobody ever sees a part of it.

    The name beside is always the same: what a killed process leaves there is overwritten by the next one.

    Raises:
        OSError: naming `path`, where there is no room or no permission; what was at `path` is still there.
    """
    path = Path(path)
    beside = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with beside.open("wb") as file:
                file.write(data.encode() if isinstance(data, str) else data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(beside, path)
        except BaseException:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise cannot_write(path, error) from None


def cannot_write(path: Path, error: OSError) -> OSError:
    """An error in writing, in words about `path` and not about what was tried on the way."""
    reason = error.strerror or str(error)
    if isinstance(error, FileExistsError | NotADirectoryError):
        reason = f"{path.parent} is no folder"
    return OSError(error.errno, f"cannot be written: {reason}", os.fspath(path))


def digest(arrays: Mapping[str, np.ndarray], about: Mapping[str, str] | None = None) -> str:
    """A fingerprint of arrays by name, and of texts by name: the same bits, the same digest."""
    found = hashlib.blake2b(digest_size=16)
    for name in sorted(arrays):
        array = arrays[name]
        found.update(f"{name}{array.shape}{array.dtype.str}".encode() + np.ascontiguousarray(array).tobytes())
    for name, text in sorted((about or {}).items()):
        found.update(f"{name}={len(text)}:{text}".encode())
    return found.hexdigest()


def write_arrays(path: PathLike, kind: str, arrays: Mapping[str, np.ndarray], about: Mapping[str, str]) -> None:
    """A safetensors file with `arrays`, and in its metadata `about`, its kind and the digest of all that.

    Raises:
        OSError: where it cannot be written.
    """
    from safetensors.numpy import save

    whole = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    texts = {**about, "kind": kind}
    write_whole(path, bytes(save(whole, {**texts, "digest": digest(whole, texts)})))


def read_arrays(path: PathLike, kind: str) -> tuple[Arrays, dict[str, str]]:
    """What `write_arrays` wrote.

    Raises:
        DataError: where the file is missing, cut short, edited, or something else.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        data = Path(path).read_bytes()
    except FileNotFoundError:
        raise DataError(f"{path}: no such {kind}") from None
    except OSError as error:
        raise DataError(f"{path}: expected a {kind}, but it cannot be read: {error.strerror}") from None
    try:
        arrays = load(data)
        header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    except (SafetensorError, ValueError, KeyError, TypeError):
        raise DataError(
            f"{path}: expected a {kind} (a safetensors file), found one cut short or something else"
        ) from None
    about: dict[str, str] = header.get("__metadata__") or {}
    if about.get("kind") != kind:
        raise DataError(f"{path}: expected a {kind} that xonet wrote, found {about.get('kind') or 'other arrays'}")
    if about.pop("digest", "") != digest(arrays, about):
        raise DataError(f"{path}: expected a {kind} as xonet wrote it, but this file was edited or damaged since")
    return arrays, about


def fill(path: PathLike, places: Mapping[str, np.ndarray], arrays: Mapping[str, np.ndarray]) -> None:
    """Copy each array of the file at `path` to its place; there must be exactly one for each.

    Raises:
        DataError: where there are others, or of other shapes; no place is written to then.
    """
    for name, place in places.items():
        found = arrays.get(name)
        if found is None or (found.shape, found.dtype) != (place.shape, place.dtype):
            has = "none" if found is None else f"one of shape {found.shape}"
            raise DataError(
                f"{path}: of another network: this one has {name} of shape {place.shape}, the file has {has}"
            )
    if more := set(arrays) - set(places):
        raise DataError(f"{path}: of another network: this one has no {min(more)}, the file has one")
    for name, place in places.items():
        place[...] = arrays[name]
