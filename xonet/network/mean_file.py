"""The mean picture that `input.mean` names, held against the input."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from xonet.data import DataError
from xonet.data._paths import expect_file, resolved
from xonet.diagnostics import Diagnostic, InvalidNetwork, Note
from xonet.network.interface import Input
from xonet.network.network import Network
from xonet.network.statistics import MeanPicture

if TYPE_CHECKING:
    import numpy as np

MORE = 1 << 16
"""How many bytes a file may have beside its numbers."""
WHAT = "a mean picture (a .npy file)"


def read_mean(network: Network) -> np.ndarray | None:
    """The network's mean picture, float32 of the input's shape, in the units of its range; None without one.

    Raises:
        InvalidNetwork: where the file cannot be used.
    """
    given = network.document.input
    if not isinstance(given.mean, MeanPicture):
        return None
    try:
        return _read(resolved(network.root, given.mean.file), given)
    except DataError as error:
        raise InvalidNetwork([_finding(given.mean, error)]) from None


def find_mean_faults(network: Network) -> Iterator[Diagnostic]:
    """A finding where there is to be a mean picture that cannot be used."""
    try:
        read_mean(network)
    except InvalidNetwork as invalid:
        yield from invalid.diagnostics


def _finding(mean: MeanPicture, error: DataError) -> Diagnostic:
    notes = (Note(error.note),) if error.note else ()
    return Diagnostic(error.code or "bad-data", str(error), mean.span("file"), notes=notes, help=error.help)


def _read(path: Path, given: Input) -> np.ndarray:
    """The numbers of a file.

    Raises:
        DataError: where they cannot be read, or are not what such pictures can be on average.
    """
    import numpy as np

    from xonet.data._prepare import ends

    shape = given.shape
    size = expect_file(path, WHAT)
    try:
        # mapped, so that nothing is taken for what a header claims; what unpickling would run is refused
        found = np.load(path, mmap_mode="r", allow_pickle=False) if size else None
    except (OSError, ValueError, EOFError, SyntaxError, OverflowError, MemoryError):
        found = None
    if not isinstance(found, np.ndarray):
        raise DataError(f"{path}: expected {WHAT}, found one that is cut short, or something else", help=SAVE)
    spread = found.shape == shape[:2] and shape.is_picture
    if found.shape != shape and not spread:
        said = " × ".join(map(str, found.shape)) or "a single number"
        first = found.shape[0] == shape.channels and found.shape[1:] == shape[:2] if found.ndim == 3 else False
        help = "put the channels last: np.save(path, mean.transpose(1, 2, 0))" if first else f"save one of {shape}"
        raise DataError(f"{path}: expected a mean picture of {shape}, found {said}", help=help)
    low, high = ends(given)
    if found.dtype == np.uint8:
        numbers = low + (high - low) / 255 * found.astype(np.float64)
    elif np.issubdtype(found.dtype, np.floating):
        numbers = found.astype(np.float64)
    else:
        raise DataError(f"{path}: expected floating-point numbers or bytes (uint8), found {found.dtype}", help=SAVE)
    least, most = min(given.range), max(given.range)
    slack = 1e-6 * (most - least)
    if not np.isfinite(numbers).all() or numbers.min() < least - slack or numbers.max() > most + slack:
        raise DataError(
            f"{path}: expected numbers within the range, {least:g} to {most:g}, "
            f"found {numbers.min():.6g} to {numbers.max():.6g}",
            help="save the mean of pictures that were scaled to the range; Caffe's are of range: [0, 255]",
        )
    return np.broadcast_to(numbers[..., None] if spread else numbers, shape).astype(np.float32)


SAVE = "save it with NumPy: np.save(path, mean)"
