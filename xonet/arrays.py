"""Files written whole or not at all, and arrays in safetensors files whose every bit is checked when they are read."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from xonet import files
from xonet.data import DataError
from xonet.folders import PathLike, make_folder

Arrays = dict[str, np.ndarray]


DTYPES = {"<f4": "F32", "<f8": "F64", "<i4": "I32", "<i8": "I64"}
"""safetensors' names of the types that arrays here have."""

MOST_HEADER_BYTES = 100_000_000
"""What safetensors' own reader takes at most."""


def write_whole(path: PathLike, *parts: bytes | str | np.ndarray) -> None:
    """Write a file of a run, and make its folder: see `xonet.files.write_whole`. A link in its place is replaced.

    Of several who write at once, the last one's file stays.

    Raises:
        OSError: naming `path`, where there is no room or no permission; what was at `path` is still there.
    """
    path = Path(path)
    try:
        make_folder(path.parent)
        data = (part.data if isinstance(part, np.ndarray) else part for part in parts)
        files.write_whole(path, data, through=False)
    except OSError as error:
        raise cannot_write(path, error) from None


def cannot_write(path: Path, error: OSError) -> OSError:
    """An error in writing, in words about `path` and not about what was tried on the way."""
    reason = error.strerror or str(error)
    if isinstance(error, FileExistsError | NotADirectoryError):
        reason = f"{path.parent} is not a folder"
    return OSError(error.errno, f"cannot be written: {reason}", os.fspath(path))


def digest(arrays: Mapping[str, np.ndarray], about: Mapping[str, str] | None = None) -> str:
    """A fingerprint of arrays by name, and of texts by name: the same bits, the same digest."""
    found = hashlib.blake2b(digest_size=16)
    for name in sorted(arrays):
        array = arrays[name]
        found.update(f"{name}{array.shape}{array.dtype.str}".encode())
        found.update(np.ascontiguousarray(array).data)
    for name, text in sorted((about or {}).items()):
        found.update(f"{name}={len(text)}:{text}".encode())
    return found.hexdigest()


def write_arrays(path: PathLike, kind: str, arrays: Mapping[str, np.ndarray], about: Mapping[str, str]) -> None:
    """A safetensors file with `arrays`, and in its metadata `about`, its kind and the digest of all that.

    The same arrays and texts make the same bytes: everything in it has one order (the safetensors library has none for
    metadata).

    Raises:
        OSError: where it cannot be written.
    """
    whole = {name: np.ascontiguousarray(arrays[name]) for name in sorted(arrays)}
    texts = {**about, "kind": kind}
    header: dict[str, Any] = {"__metadata__": dict(sorted({**texts, "digest": digest(whole, texts)}.items()))}
    end = 0
    for name, array in whole.items():
        begin, end = end, end + array.nbytes
        header[name] = {"dtype": DTYPES[array.dtype.str], "shape": list(array.shape), "data_offsets": [begin, end]}
    # in ASCII: a file's name that is not valid Unicode can be escaped, and cannot be encoded
    written = json.dumps(header, separators=(",", ":")).encode("ascii")
    written += b" " * (-len(written) % 8)
    write_whole(path, len(written).to_bytes(8, "little") + written, *whole.values())


def read_about(path: PathLike, kind: str) -> dict[str, str]:
    """The metadata of a file that `write_arrays` wrote, without its arrays, and without a look at its digest.

    Raises:
        DataError: where there is no such file, or it is something else.
    """
    with opened(path, kind) as file:
        return _about(path, kind, _header(path, kind, file), kind)


def look_at_arrays(path: PathLike, kind: str) -> tuple[dict[str, tuple[int, ...]], str]:
    """The shape of each array in a safetensors file, whoever wrote it, by its header alone; and the file's kind.

    The kind is empty where xonet did not write it.

    Raises:
        DataError: where the file is missing, cut short, or something else.
    """
    with opened(path, kind) as file:
        header = _header(path, kind, file)
    about = header.pop("__metadata__", None) or {}
    try:
        shapes = {name: tuple(map(int, entry["shape"])) for name, entry in header.items()}
    except (KeyError, TypeError, ValueError):
        raise _something_else(path, kind) from None
    return shapes, str(about.get("kind", "")) if isinstance(about, dict) else ""


def read_arrays(path: PathLike, kind: str) -> tuple[Arrays, dict[str, str]]:
    """What `write_arrays` wrote.

    Raises:
        DataError: where the file is missing, cut short, edited, too large for memory, or something else.
    """
    arrays, about = _read(path, kind, kind)
    try:
        sound = about.pop("digest", "") == digest(arrays, about)
    except UnicodeEncodeError:  # half a character: nothing that xonet writes has one
        sound = False
    if not sound:
        raise DataError(f"{path}: expected a {kind} as xonet wrote it, but this file has been edited or damaged")
    return arrays, about


def read_any_arrays(path: PathLike, kind: str) -> Arrays:
    """The arrays of a safetensors file, whoever wrote it, as float32; `kind` is what messages call it.

    Raises:
        DataError: as for `read_arrays`; and where an array holds no numbers, or numbers that float32 does not.
    """
    arrays, about = _read(path, kind, None)
    if about.get("kind"):
        arrays, _ = read_arrays(path, about["kind"])
    return {name: _as_float32(path, name, array) for name, array in arrays.items()}


def _as_float32(path: PathLike, name: str, array: np.ndarray) -> np.ndarray:
    if array.dtype.kind not in "fiu":
        raise DataError(f"{path}: {name} holds {array.dtype}: expected numbers")
    with np.errstate(over="ignore"):
        numbers = array.astype(np.float32)
    if not np.isfinite(numbers).all():
        raise DataError(f"{path}: {name} has a value that is NaN, inf, or beyond float32, which cannot be used")
    return numbers


def _read(path: PathLike, kind: str, wanted: str | None) -> tuple[Arrays, dict[str, str]]:
    """Arrays and metadata of a safetensors file, of the `wanted` kind or of any."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    with opened(path, kind) as file:
        about = _about(path, kind, _header(path, kind, file), wanted)
        try:
            file.seek(0)
            arrays = load(file.read())
        except MemoryError:
            raise DataError(f"{path}: expected a {kind}, but this file does not fit into memory") from None
        except OSError as error:
            raise DataError(f"{path}: expected a {kind}, but it cannot be read: {error.strerror}") from None
        except (SafetensorError, ValueError, KeyError, TypeError, OverflowError):
            raise _something_else(path, kind) from None
    return arrays, about


@contextlib.contextmanager
def opened(path: PathLike, kind: str) -> Iterator[BinaryIO]:
    """A regular file, open: a pipe or a device may never end.

    Raises:
        DataError: where there is none.
    """
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        raise DataError(f"{path}: no such {kind}") from None
    except (OSError, ValueError) as error:
        what = "a pipe or a device" if getattr(error, "errno", 0) == errno.ENXIO else ""
        why = f"found {what}" if what else f"but it cannot be read: {getattr(error, 'strerror', None) or error}"
        raise DataError(f"{path}: expected a {kind}, {why}") from None
    mode = os.fstat(handle).st_mode
    if not stat.S_ISREG(mode):
        os.close(handle)
        what = "a folder" if stat.S_ISDIR(mode) else "a pipe or a device"
        raise DataError(f"{path}: expected a {kind}, found {what}")
    with os.fdopen(handle, "rb") as file:
        yield file


def _header(path: PathLike, kind: str, file: BinaryIO) -> dict[str, Any]:
    """The header: what it says of lengths is held against the file's own before anything is read."""
    size = os.fstat(file.fileno()).st_size
    try:
        length = int.from_bytes(file.read(8), "little")
        if not 2 <= length <= min(size - 8, MOST_HEADER_BYTES):
            raise _something_else(path, kind)
        header = json.loads(file.read(length))
        if not isinstance(header, dict):
            raise _something_else(path, kind)
        ends = [entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__"]
        if max(ends, default=0) != size - 8 - length:
            raise _something_else(path, kind)
    except OSError as error:
        raise DataError(f"{path}: expected a {kind}, but it cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, IndexError, RecursionError, MemoryError):
        raise _something_else(path, kind) from None
    return header


def _about(path: PathLike, kind: str, header: Mapping[str, Any], wanted: str | None) -> dict[str, str]:
    about = header.get("__metadata__") or {}
    if not isinstance(about, dict) or not all(isinstance(text, str) for text in about.values()):
        raise _something_else(path, kind)
    if wanted is not None and about.get("kind") != wanted:
        found = about.get("kind") or "other arrays"
        raise DataError(f"{path}: expected a {kind} that xonet wrote, found {shown(found)}")
    return about


def shown(text: str) -> str:
    """What a file says, on one line and short."""
    line = text.encode("unicode_escape", "backslashreplace").decode("ascii") if not text.isprintable() else text
    return line if len(line) <= 60 else f"{line[:60]}…"


def _something_else(path: PathLike, kind: str) -> DataError:
    return DataError(f"{path}: expected a {kind} (a safetensors file), found one that is cut short, or something else")


def fill(path: PathLike, places: Mapping[str, np.ndarray], arrays: Mapping[str, np.ndarray]) -> None:
    """Copy each array of the file at `path` to its place; no place is written to where `must_fit` refuses one."""
    must_fit(path, places, arrays)
    for name, place in places.items():
        place[...] = arrays[name]


def must_fit(path: PathLike, places: Mapping[str, np.ndarray], arrays: Mapping[str, np.ndarray]) -> None:
    """Refuse the arrays of the file at `path` that are not exactly one for each place, of finite numbers.

    Raises:
        DataError: where there are others, of other shapes or types, or with NaN or inf.
    """
    for name, place in places.items():
        found = arrays.get(name)
        if found is None or (found.shape, found.dtype) != (place.shape, place.dtype):
            has = "none" if found is None else f"one of shape {found.shape}"
            if found is not None and found.dtype != place.dtype:
                has += f" and of {found.dtype}"
            raise DataError(
                f"{path}: of a different network: this one has {name} of shape {place.shape}, the file has {has}"
            )
        if not np.isfinite(found).all():
            what = "NaN" if np.isnan(found).any() else "inf"
            raise DataError(f"{path}: {name} has a value that is {what}, which cannot be used")
    if more := set(arrays) - set(places):
        raise DataError(f"{path}: of a different network: this one has no {shown(min(more))}, the file has one")
