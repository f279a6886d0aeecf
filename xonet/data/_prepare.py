"""From any picture to a network's input: first raw values, bytes from 0 (black) to 255 (white), then network values."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from PIL import Image

from xonet.data import Wanted
from xonet.data._open import open_picture
from xonet.language.words import counted


class Input(Protocol):
    """What this module reads of the file's `input` section."""

    range: tuple[float, float]
    invert: bool

    @property
    def mean(self) -> Any:
        """Subtracted after the range: None, numbers, or something else where that is known from elsewhere."""

    @property
    def std(self) -> Any:
        """Divided by, after the mean; as that."""


class Changes:
    """Counts what was done to pictures to make them fit, so that it is reported once."""

    def __init__(self) -> None:
        self._found: dict[str, list[str]] = {}

    def add(self, what: str, example: str) -> None:
        """One more picture was `what`; the first one's `example` is told."""
        self._found.setdefault(what, []).append(example)

    def join(self, other: Changes) -> None:
        """What was done to more pictures, that come after these."""
        for what, examples in other._found.items():
            self._found.setdefault(what, []).extend(examples)

    def notes(self, total: int) -> list[str]:
        """One line for each kind of change, among `total` pictures."""
        of = f"of {counted(total, 'picture')}"
        return [f"{len(examples):,} {of} {what}: {examples[0]}" for what, examples in self._found.items()]


def picture(source: str | Path | Image.Image, wanted: Wanted, changes: Changes | None = None) -> np.ndarray:
    """A picture of the input's size and channels, (height, width, channels) bytes.

    Turned as its EXIF data says, with white paper behind what is see-through, resized to the input without regard to
    its proportions, grey for a network of one channel. Of a moving picture, the first frame. `changes` is told what had
    to be changed.

    Raises:
        DataError: where the file is missing or no picture.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of damaged EXIF data and very large pictures, which matter to nobody here
        return prepared(source, wanted, Changes() if changes is None else changes)


def prepared(source: str | Path | Image.Image, wanted: Wanted, changes: Changes) -> np.ndarray:
    """What `picture` gives, with whatever Pillow warns of: silencing that is for the whole process, not for a thread.

    Raises:
        DataError: where the file is missing or no picture.
    """
    height, width, channels = wanted.shape
    name = "a picture" if isinstance(source, Image.Image) else str(source)
    opened, frames = open_picture(source)
    if frames > 1:
        changes.add("had more than one page or frame; the first was used", f"{name} has {frames}")
    if channels == 1 and is_coloured(opened):
        changes.add("became grey, because the network has one channel", name)
    opened = opened.convert("L" if channels == 1 else "RGB")
    if opened.size != (width, height):
        changes.add(f"resized to {height} × {width}", f"{name} is {opened.height} × {opened.width}")
        opened = resized(opened, width, height)
    return np.asarray(opened, np.uint8).reshape(height, width, channels)


def is_coloured(opened: Image.Image) -> bool:
    """Whether a picture of mode L or RGB has a pixel that is not grey."""
    pixels = np.asarray(opened)
    return pixels.ndim == 3 and bool((pixels != pixels[..., :1]).any())


def resized(opened: Image.Image, width: int, height: int) -> Image.Image:
    """The picture in another size, antialiased.

    Shrinking takes the mean over the area each new pixel covers (BOX): what a scanner of that resolution would see, and
    what the source `xo` draws; wider filters blur thin strokes, and LANCZOS rings around them. Growing interpolates
    (BILINEAR), as BOX would repeat pixels. Rows come first whatever the size: newer Pillows would begin with what is
    cheaper, and round otherwise.
    """
    shrinks = width <= opened.width and height <= opened.height
    how = Image.Resampling.BOX if shrinks else Image.Resampling.BILINEAR
    return opened.resize((width, opened.height), how).resize((width, height), how)


def ends(input: Input) -> tuple[float, float]:
    """What the bytes 0 and 255 become before the mean is subtracted."""
    low, high = input.range
    return (high, low) if input.invert else (low, high)


def affine(
    input: Input, channels: int, mean: np.ndarray | None = None, std: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """(scale, offset), float32, so that a network value is raw · scale + offset.

    `range` maps black..white, `invert` swaps black and white first, and (x - mean) / std comes last.

    Args:
        input: What the file says.
        channels: How many the input has.
        mean: In place of the file's.
        std: In place of the file's.

    Returns:
        Two arrays of one shape: (channels,), or with a mean picture (height, width, channels).
    """
    low, high = ends(input)
    mean, std = (
        np.asarray(default if said is None else said, np.float64)
        for said, default in ((input.mean if mean is None else mean, 0.0), (input.std if std is None else std, 1.0))
    )
    shape = np.broadcast_shapes((channels,), mean.shape, std.shape)
    scale = np.broadcast_to((high - low) / 255 / std, shape)
    offset = np.broadcast_to((low - mean) / std, shape)
    return scale.astype(np.float32), offset.astype(np.float32)


def values(pictures: np.ndarray, input: Input) -> np.ndarray:
    """Network values, float32, of pictures (n, ..., channels).

    Bytes are raw and go through `affine`; floats are network values already.
    """
    if pictures.dtype != np.uint8:
        return pictures.astype(np.float32, copy=False)
    scale, offset = affine(input, pictures.shape[-1])
    return np.asarray(pictures.astype(np.float32) * scale + offset)
