"""TIFF files with tags drawn at random, written here bit by bit, against what TIFF 6.0 says that they mean."""

from __future__ import annotations

import io
import struct
import zlib
from fractions import Fraction

import numpy as np
import pytest
from PIL import Image

from tests.data.made import packed, predicted
from xonet.data import DataError
from xonet.data._prepare import picture

WIG, GREY, RGB, PALETTE, CMYK = 0, 1, 2, 3, 5
COLOURS = {WIG: 1, GREY: 1, RGB: 3, PALETTE: 1, CMYK: 4}
NOT, ASSOCIATED, UNASSOCIATED = 0, 1, 2
TURNED = bytes(int(f"{value:08b}"[::-1], 2) for value in range(256))


def packbits(plain):
    """All of it as runs that are no repetitions."""
    parts = [plain[at : at + 100] for at in range(0, len(plain), 100)]
    return b"".join(bytes([len(part) - 1]) + part for part in parts)


def lzw(plain):
    """Codes of 9 bits, with a new table before there would be longer ones."""
    text = "".join(("" if at % 200 else f"{256:09b}") + f"{value:09b}" for at, value in enumerate(plain)) + f"{257:09b}"
    text += "0" * (-len(text) % 8)
    return int(text, 2).to_bytes(len(text) // 8, "big")


PACK = {1: bytes, 5: lzw, 8: zlib.compress, 32946: zlib.compress, 32773: packbits}


def written(values, bits, photometric, draw, extra=(), table=()):
    """A TIFF file of values (height, width, samples), laid out in whatever way `draw` chooses."""
    height, width, count = values.shape
    order, compression = draw.choice(["<", ">"]), int(draw.choice([*PACK]))
    differs = compression in (5, 8, 32946) and bits in (8, 16) and draw.random() < 0.5
    turned = compression == 1 and draw.random() < 0.2
    planes = np.split(values, count, axis=-1) if draw.random() < 0.3 else [values]
    high, wide = (16, 16) if (tiled := draw.random() < 0.3) else (int(draw.integers(1, height + 1)), width)
    tags = {256: width, 257: height, 258: (bits,) * count, 259: compression, 262: photometric, 277: count}
    tags |= {284: 1 if len(planes) == 1 else 2, **({322: 16, 323: 16} if tiled else {278: high})}
    tags |= {338: extra} if extra else {}
    tags |= {320: table} if len(table) else {}
    tags |= ({317: 2} if differs else {}) | ({266: 2} if turned else {})
    content, starts, lengths = b"", [], []
    for plane in planes:
        for top in range(0, height, high):
            for left in range(0, width, wide):
                part = plane[top : top + high, left : left + wide]
                if tiled:
                    part = np.pad(part, [(0, 16 - part.shape[0]), (0, 16 - part.shape[1]), (0, 0)])
                if differs:
                    part = predicted(part) % (1 << bits)
                rows = part.reshape(len(part), -1)
                plain = rows.astype(f"{order}u2").tobytes() if bits == 16 else packed(rows.tolist(), bits)
                plain = plain.translate(TURNED) if turned else plain
                piece = PACK[compression](plain)
                starts.append(8 + len(content))
                lengths.append(len(piece))
                content += piece + b"\0" * (len(piece) % 2)
    tags |= {(324 if tiled else 273): tuple(starts), (325 if tiled else 279): tuple(lengths)}
    entries, beside, first = b"", b"", 8 + len(content)
    for tag, said in sorted(tags.items()):
        said = said if isinstance(said, tuple) else (said,)
        raw = struct.pack(f"{order}{len(said)}I", *said)
        place = raw if len(raw) == 4 else struct.pack(f"{order}I", first + 6 + 12 * len(tags) + len(beside))
        beside += raw if len(raw) > 4 else b""
        entries += struct.pack(f"{order}HHI", tag, 4, len(said)) + place
    head = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}HI", 42, first)
    return head + content + struct.pack(f"{order}H", len(tags)) + entries + bytes(4) + beside


def meant(values, bits, photometric, extra, table):
    """Red, green and blue (or grey) on white paper, in exact fractions of white, rounded once."""
    white, count = (1 << bits) - 1, COLOURS[photometric]
    made = np.empty((*values.shape[:2], 3 if photometric in (RGB, PALETTE, CMYK) else 1), int)
    for row, column in np.ndindex(values.shape[:2]):
        pixel = [Fraction(int(value), white) for value in values[row, column]]
        colours, opaque = pixel[:count], pixel[count] if extra and extra[0] != NOT else 1
        if photometric == WIG:
            colours = [1 - value for value in colours]
        elif photometric == CMYK:
            colours = [(1 - ink) * (1 - colours[3]) for ink in colours[:3]]
        elif photometric == PALETTE:
            index = int(values[row, column, 0])
            colours = [Fraction(int(table[band * (white + 1) + index]), 65535) for band in range(3)]
        if not (extra and extra[0] == ASSOCIATED):
            colours = [value * opaque for value in colours]
        made[row, column] = [round(255 * (value + 1 - opaque)) for value in colours]
    return made


def drawn(draw):
    """One picture: its values, and what is said of them."""
    photometric = int(draw.choice([*COLOURS]))
    count = COLOURS[photometric]
    bits = int(draw.choice([1, 2, 4, 8] if photometric == PALETTE else [1, 2, 4, 8, 8, 16, 16] if count > 1 else BITS))
    kinds = [NOT, ASSOCIATED, UNASSOCIATED] if photometric in (GREY, RGB) else [NOT, UNASSOCIATED]
    more = 0 if photometric == PALETTE else int(draw.choice([0, 0, 1, 2]))
    extra = (int(draw.choice(kinds)), NOT)[:more]
    size = [*draw.integers(1, 24, 2)]
    values = draw.integers(0, 1 << bits, (*size, count + more))
    if extra and extra[0] == ASSOCIATED:
        values[..., :count] = np.minimum(values[..., :count], values[..., count : count + 1])
    table = tuple((draw.integers(1, 256, 3 << bits) * 257).tolist()) if photometric == PALETTE else ()
    return values, bits, photometric, extra, table


BITS = [1, 2, 4, 8, 10, 12, 14, 16]


@pytest.mark.parametrize("seed", range(120))
def test_whatever_its_tags_say(tmp_path, wanted, seed):
    draw = np.random.default_rng(seed)
    values, bits, photometric, extra, table = drawn(draw)
    (tmp_path / "picture.tif").write_bytes(written(values, bits, photometric, draw, extra, table))
    truth = meant(values, bits, photometric, extra, table)
    truth = np.repeat(truth, 3, axis=-1) if truth.shape[-1] == 1 else truth
    assert picture(tmp_path / "picture.tif", wanted(*values.shape[:2], 3)).tolist() == truth.tolist()


def saved(image, **options):
    file = io.BytesIO()
    image.save(file, "TIFF", **options)
    return file.getvalue()


def test_how_well_a_picture_packs_is_no_reason_to_refuse_it(tmp_path, wanted):
    for compression in ("tiff_lzw", "tiff_adobe_deflate", "packbits", "zstd", "lzma", "group4"):
        image = Image.new("1" if compression == "group4" else "L", (3000, 3000), 255)
        try:
            content = saved(image, compression=compression)
        except OSError:  # a Pillow without it
            continue
        (tmp_path / "flat.tif").write_bytes(content)
        assert (picture(tmp_path / "flat.tif", wanted(2, 2)) == 255).all(), compression


def test_colours_of_another_formula_are_refused(tmp_path, wanted):
    image = Image.new("YCbCr", (4, 4), (100, 90, 200))
    (tmp_path / "plain.tif").write_bytes(saved(image))
    assert picture(tmp_path / "plain.tif", wanted(4, 4, 3))[0, 0].tolist() == [200, 61, 32]
    (tmp_path / "other.tif").write_bytes(saved(image, tiffinfo={529: (0.2126, 0.7152, 0.0722)}))
    with pytest.raises(DataError, match=r"other\.tif: its YCbCr pixels .* formula"):
        picture(tmp_path / "other.tif", wanted(4, 4, 3))


def test_more_pixels_than_pillow_reads(tmp_path, wanted, monkeypatch):
    (tmp_path / "large.tif").write_bytes(saved(Image.new("L", (3, 3), 255)))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 4)
    with pytest.raises(DataError, match=r"large\.tif: its header says 3 × 3 pixels, and 8 is the limit"):
        picture(tmp_path / "large.tif", wanted(2, 2))
