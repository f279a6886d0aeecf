"""A look at a folder or a list of pictures, as far as it goes without decoding one."""

from __future__ import annotations

from pathlib import Path

from xonet.data import DataError, Look, Wanted
from xonet.data._paths import INFLATES, resolved
from xonet.data.images import Images
from xonet.data.images.csv_list import from_list
from xonet.data.images.folder import from_folder
from xonet.data.images.listing import A_PICTURE, Listing

STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"BM", b"II*\0", b"MM\0*")
"""How the files of the usual formats begin: PNG, JPEG, GIF, BMP, TIFF."""
LOOKED_AT = 20_000
"""How many pictures are looked at before reading; of more, the first ones (in a folder, of each class alike)."""


def look(images: Images, wanted: Wanted) -> Look:
    """How many pictures there are and what they are called, after a look at the first bytes of the first ones.

    Raises:
        DataError: as `Images.look` says.
    """
    listing, knob = listed(images, wanted, LOOKED_AT), images.paths()[0][0]
    for row in listing.rows:
        check_start(row.path, knob)
    count, keys = None if listing.is_partial else len(listing.rows), [row.key for row in listing.rows]
    return Look(count, keys, listing.remarks(knob), listing.bytes, is_partial=listing.is_partial)


def listed(images: Images, wanted: Wanted, most: int | None = None) -> Listing:
    """The pictures of the folder or the list, or the first ones; each is a plain file that is not empty.

    Raises:
        DataError: as `Images.look` says.
    """
    if images.folder is not None:
        return from_folder(resolved(wanted.root, images.folder), wanted, most)
    return from_list(resolved(wanted.root, str(images.list)), wanted, most)


def check_start(path: Path, knob: str) -> None:
    """Nothing, where the first bytes of a file are those of a picture.

    Raises:
        DataError: where they are not.
    """
    try:
        with path.open("rb") as file:
            start = file.read(12)
    except OSError as error:
        raise DataError(f"{path}: {A_PICTURE}, but it cannot be read: {error.strerror}", knob=knob) from None
    if start.startswith(STARTS) or (start[:4] == b"RIFF" and start[8:] == b"WEBP"):
        return
    from PIL import Image  # it knows many more formats, some of them by no first bytes at all

    try:
        with Image.open(path):
            pass
    except Exception:  # Pillow's decoders raise whatever a broken file leads them to.
        raise DataError(
            f"{path}: {A_PICTURE}, found something else", knob=knob, help="delete it, or move it elsewhere"
        ) from None


def values_to_decode(images: Images, wanted: Wanted) -> int:
    """How many values the headers of the pictures say that they have, as far as the files can hold them."""
    import warnings

    from PIL import Image

    total = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for row in listed(images, wanted).rows:
            try:
                with Image.open(row.path) as opened:
                    claimed = opened.width * opened.height * len(opened.getbands())
                    # a short file that says it is huge is soon decoded: up to where it ends
                    holds = INFLATES * 8 * row.path.stat().st_size if opened.format == "PNG" else claimed
                    total += min(claimed, holds)
            except Exception:  # Pillow's decoders raise whatever a broken file leads them to; reading it will say so.
                continue
    return total
