"""Any picture file, as bytes from 0 (black) to 255 (white): its scale is what the file says, not what Pillow takes."""

from __future__ import annotations

import io
import os
import stat
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from xonet.data import DataError, _png, _tiff, _tiff_pages
from xonet.data._samples import Samples

ORIENTATION = 274
SIXTEEN_BIT = ("I", "I;16", "I;16B", "I;16L", "I;16N")
"""Pillow's modes of grey pictures from 0 to 65535."""
SCALED = ("PPM", "JPEG2000")
"""Formats whose deep grey values Pillow spreads to 0 to 65535, whatever their own white is."""
MOVING = ("GIF", "PNG", "WEBP", "AVIF", "FLI", "DCX", "IM")
"""Formats whose frames or pages a person means to be there: not so the previews in a camera's JPEG."""


def open_picture(source: str | Path | Image.Image) -> tuple[Image.Image, int]:
    """The picture, in the mode L or RGB, on white paper and turned as its EXIF data says; how many frames there are.

    Raises:
        DataError: where the file is missing, no picture, or does not say what its values mean.
    """
    if isinstance(source, Image.Image):
        try:
            return ImageOps.exif_transpose(opaque(source)), 1
        except DataError as error:
            raise DataError(f"a picture: {error}") from None
    try:
        mode = os.stat(source).st_mode
        if not stat.S_ISREG(mode):  # a pipe or a device may never end
            raise DataError(f"expected a picture, found {'a folder' if stat.S_ISDIR(mode) else 'a pipe or a device'}")
        return _decoded(Path(source).read_bytes())
    except FileNotFoundError:
        raise DataError(f"{source}: no such picture") from None
    except UnidentifiedImageError:
        raise DataError(f"{source}: expected a picture (PNG, JPEG, BMP, GIF, WebP, …), found something else") from None
    except DataError as error:
        raise DataError(f"{source}: {error}") from None
    except MemoryError:
        raise DataError(f"{source}: this picture does not fit into memory") from None
    except Exception as error:  # Pillow's decoders raise whatever a broken file leads them to.
        said = getattr(error, "strerror", None) or error
        raise DataError(f"{source}: expected a complete picture, but it cannot be read: {said}") from None


def _decoded(data: bytes) -> tuple[Image.Image, int]:
    if data.startswith(_tiff_pages.STARTS):  # Pillow does not open all of them; our own module tells it how
        pages = _tiff_pages.pages(data)
        try:
            made, frames, orientation = (
                _tiff.samples(data, pages[0]).on_paper(),
                len(pages),
                pages[0].one(ORIENTATION, 1),
            )
        except UnidentifiedImageError:
            raise DataError("this TIFF file is compressed or laid out in a way that is not supported") from None
    else:
        with Image.open(io.BytesIO(data)) as opened:
            frames = int(getattr(opened, "n_frames", 1)) if opened.format in MOVING else 1
            samples = _png.samples(opened, data) if opened.format == "PNG" else None
            covered = opened.tile[0][1] if opened.format == "GIF" and opened.tile else None
            opened.load()
            if samples is None and opened.mode in SIXTEEN_BIT and opened.format not in SCALED:
                raise DataError(
                    f"its grey values have 16 bits or more, and {opened.format} does not say which value is white"
                )
            if opened.format == "TGA" and opened.mode == "RGBA" and not data[17] & 15:
                opened.putalpha(255)  # the header says that the fourth byte is no opacity
            made = opaque(opened) if samples is None else samples.on_paper()
            if covered and covered != (0, 0, *made.size):  # beside its first frame a GIF is see-through
                whole = Image.new(made.mode, made.size, "white")
                whole.paste(made.crop(covered), covered)
                made = whole
            orientation = opened.getexif().get(ORIENTATION, 1)
    made.getexif()[ORIENTATION] = orientation
    return ImageOps.exif_transpose(made), frames


def opaque(opened: Image.Image) -> Image.Image:
    """What Pillow has, in the mode L or RGB: 16-bit values as bytes, see-through pixels laid on white paper.

    Raises:
        DataError: for pixels of no known scale.
    """
    opened.load()
    if opened.mode in SIXTEEN_BIT:
        made = _deep(opened)
    elif opened.mode == "F":
        raise DataError("expected integer grey values, found floating-point ones, whose black and white are unknown")
    elif opened.mode == "La":  # which Pillow converts to no mode but LA
        both = np.asarray(opened)
        made = Samples(both[..., :1], alpha=both[..., 1], premultiplied=True).on_paper()
    elif opened.mode in ("RGBA", "LA", "PA", "RGBa") or "transparency" in opened.info:
        both = np.asarray(opened if opened.mode == "LA" else opened.convert("RGBA"))
        made = Samples(both[..., :-1], alpha=both[..., -1]).on_paper()
    else:
        made = opened.convert("L" if opened.mode in ("1", "L") else "RGB")
    if made is not opened and ORIENTATION in (exif := opened.getexif()):
        made.getexif()[ORIENTATION] = exif[ORIENTATION]
    return made


def _deep(opened: Image.Image) -> Image.Image:
    deep = np.asarray(opened).astype(np.int64)
    if deep.min() < 0 or deep.max() > 65535:
        raise DataError(f"expected grey values from 0 to 65535, found {deep.min()} to {deep.max()}")
    clear = opened.info.get("transparency")
    alpha = None if clear is None else np.where(deep == clear, 0, 65535)
    return Samples(deep[..., None], 65535, alpha, 65535).on_paper()
