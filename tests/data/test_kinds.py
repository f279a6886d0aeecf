"""One picture in some sixty kinds of files, and what it is in each: pixels by hand, not by a library.

Grey values are of 0 (black), a half, and white, each file on its own scale, so every kind says the same picture.
"""

from __future__ import annotations

import io
import zlib

import numpy as np
import pytest
from PIL import Image

from tests.data.made import bmp, gif, packed, png, predicted, tga, tiff
from xonet.data import DataError
from xonet.data._prepare import Changes, picture
from xonet.data._reading import read_pictures

SIZE = (2, 3)
GREY = [[0, 51, 102], [153, 204, 255]]
"""Fifths of white, which every depth but 1 and 2 bits has exactly."""
THIRDS = [[0, 85, 170], [255, 170, 85]]
BITS = [[0, 255, 255], [255, 0, 0]]
HALF = [[0, 51, 102], [153, 204, 255]]
RED = [[(255, 0, 0), (0, 255, 0), (0, 0, 255)], [(51, 102, 153), (255, 255, 255), (0, 0, 0)]]
CLEAR = [[255, 51, 102], [153, 204, 255]]
"""GREY with its black see-through."""


def scaled(rows, white):
    return [[round(value * white / 255) for value in row] for row in rows]


def negative(rows, white=255):
    return [[white - value for value in row] for row in rows]


def flat(rows, white=255):
    """Colours side by side in each row."""
    return [[round(value * white / 255) for pixel in row for value in pixel] for row in rows]


def beside(rows, other):
    """Grey and alpha in turn."""
    return [[value for pair in zip(*both, strict=True) for value in pair] for both in zip(rows, other, strict=True)]


def with_alpha(colours, alpha):
    return [
        [value for pixel, seen in zip(*both, strict=True) for value in (*pixel, seen)]
        for both in zip(colours, alpha, strict=True)
    ]


OPAQUE = [[255] * 3] * 2
FIRST_CLEAR = [[0, 255, 255], [255, 255, 255]]
INKS = [[(0, 0, 0, 255 - value) for value in row] for row in GREY]
GREYS = [[(value,) * 3 for value in row] for row in GREY]
PLTE = (b"PLTE", bytes(value for level in (0, 51, 102, 153, 204, 255) for value in (level,) * 3))
INDEX = [[0, 1, 2], [3, 4, 5]]
GRAY, WIG, RGB, PAL, CMYK = 1, 0, 2, 3, 5


def grey_tiff(rows, bits, photometric=GRAY, order="<", **more):
    content = packed(rows, bits, order)
    tags = {258: bits, 262: photometric, 277: 1, **{int(tag[1:]): value for tag, value in more.items()}}
    return tiff(content, SIZE, tags, order)


def colour_tiff(rows, bits, count, photometric=RGB, order="<", **more):
    tags = {258: (bits,) * count, 262: photometric, 277: count}
    return tiff(packed(rows, bits, order), SIZE, tags | {int(tag[1:]): value for tag, value in more.items()}, order)


def palette_tiff(colours):
    table = tuple(colours) + (0,) * (16 - len(colours))
    return tiff(packed(INDEX, 4), SIZE, {258: 4, 262: PAL, 277: 1, 320: table * 3})


def planes_tiff(rows, bits, order="<"):
    """Red, green and blue each in a strip of its own."""
    planes = [
        packed([[value[band] * ((1 << bits) - 1) // 255 for value in row] for row in rows], bits, order)
        for band in range(3)
    ]
    each = len(planes[0])
    tags = {258: (bits,) * 3, 262: RGB, 277: 3, 284: 2, 273: (8, 8 + each, 8 + 2 * each), 279: (each,) * 3}
    return tiff(b"".join(planes), SIZE, tags, order)


def deflated_tiff(bits, order="<"):
    values = predicted(np.array(scaled(GREY, (1 << bits) - 1), f"u{bits // 8}"))
    content = zlib.compress(values.astype(values.dtype.newbyteorder(order)).tobytes())
    return tiff(content, SIZE, {258: bits, 259: 8, 262: GRAY, 277: 1, 317: 2, 279: len(content)}, order)


def pgm(white, rows=GREY, kind=b"P5"):
    values = scaled(rows, white)
    if kind == b"P2":
        body = " ".join(str(value) for row in values for value in row).encode()
    else:
        body = packed(values, 8 if white < 256 else 16)
    return kind + b"\n3 2\n%d\n" % white + body


def saved(form, image, **options):
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def image(rows, dtype=np.uint8):
    return Image.fromarray(np.array(rows, dtype))


def padded(rows, bits):
    made = [packed([row], bits) for row in reversed(rows)]
    return b"".join(row + b"\0" * (-len(row) % 4) for row in made)


DEEP = scaled(GREY, 65535)
BGR = [[pixel[::-1] for pixel in row] for row in RED]
KINDS = {
    "png 1": (png(1, 0, [[0, 1, 1], [1, 0, 0]], 3), BITS),
    "png 2": (png(2, 0, [[0, 1, 2], [3, 2, 1]], 3), THIRDS),
    "png 4": (png(4, 0, scaled(GREY, 15), 3), GREY),
    "png 8": (png(8, 0, GREY, 3), GREY),
    "png 16": (png(16, 0, DEEP, 3), GREY),
    "png 1 with a clear value": (png(1, 0, [[0, 1, 1], [1, 0, 0]], 3, [(b"tRNS", b"\0\0")]), [[255] * 3] * 2),
    "png 4 with a clear value": (png(4, 0, scaled(GREY, 15), 3, [(b"tRNS", b"\0\0")]), CLEAR),
    "png 8 with a clear value": (png(8, 0, GREY, 3, [(b"tRNS", b"\0\0")]), CLEAR),
    "png 16 with a clear value": (png(16, 0, DEEP, 3, [(b"tRNS", b"\0\0")]), CLEAR),
    "png 16 with a clear value that is near": (png(16, 0, DEEP, 3, [(b"tRNS", b"\0\1")]), GREY),
    "png 8 and alpha": (png(8, 4, beside(GREY, FIRST_CLEAR), 3), CLEAR),
    "png 16 and alpha": (png(16, 4, beside(DEEP, scaled(FIRST_CLEAR, 65535)), 3), CLEAR),
    "png ink by alpha": (png(8, 4, beside([[0] * 3] * 2, negative(GREY)), 3), GREY),
    "png ink by 16-bit alpha": (png(16, 4, beside([[0] * 3] * 2, negative(DEEP, 65535)), 3), GREY),
    "png RGB 8": (png(8, 2, flat(RED), 3), RED),
    "png RGB 16": (png(16, 2, flat(RED, 65535), 3), RED),
    "png RGB 8 with a clear colour": (png(8, 2, flat(GREYS), 3, [(b"tRNS", bytes(6))]), CLEAR),
    "png RGB 16 with a clear colour": (png(16, 2, flat(GREYS, 65535), 3, [(b"tRNS", bytes(6))]), CLEAR),
    "png RGBA 8": (png(8, 6, with_alpha(GREYS, FIRST_CLEAR), 3), CLEAR),
    "png RGBA 16": (
        png(16, 6, scaled(with_alpha(GREYS, FIRST_CLEAR), 65535), 3),
        CLEAR,
    ),
    "png palette": (png(8, 3, INDEX, 3, [PLTE]), GREY),
    "png palette of 4 bits": (png(4, 3, INDEX, 3, [PLTE]), GREY),
    "png palette with a clear colour": (png(8, 3, INDEX, 3, [PLTE, (b"tRNS", b"\0")]), CLEAR),
    "tiff 1": (grey_tiff([[0, 1, 1], [1, 0, 0]], 1), BITS),
    "tiff 1, white is zero": (grey_tiff([[1, 0, 0], [0, 1, 1]], 1, WIG), BITS),
    "tiff 2": (grey_tiff([[0, 1, 2], [3, 2, 1]], 2), THIRDS),
    "tiff 4": (grey_tiff(scaled(GREY, 15), 4), GREY),
    "tiff 4, white is zero": (grey_tiff(negative(scaled(GREY, 15), 15), 4, WIG), GREY),
    "tiff 8": (grey_tiff(GREY, 8), GREY),
    "tiff 8, white is zero": (grey_tiff(negative(GREY), 8, WIG), GREY),
    "tiff 12": (grey_tiff(scaled(GREY, 4095), 12), GREY),
    "tiff 12, white is zero": (grey_tiff(negative(scaled(GREY, 4095), 4095), 12, WIG), GREY),
    "tiff 12, big end first": (grey_tiff(scaled(GREY, 4095), 12, order=">"), GREY),
    "tiff 16": (grey_tiff(DEEP, 16), GREY),
    "tiff 16, big end first": (grey_tiff(DEEP, 16, order=">"), GREY),
    "tiff 16, white is zero": (grey_tiff(negative(DEEP, 65535), 16, WIG), GREY),
    "tiff 16, white is zero, big end first": (grey_tiff(negative(DEEP, 65535), 16, WIG, ">"), GREY),
    "tiff 8, deflated, predictor": (deflated_tiff(8), GREY),
    "tiff 16, deflated, predictor": (deflated_tiff(16), GREY),
    "tiff 16, deflated, predictor, big end first": (deflated_tiff(16, ">"), GREY),
    "tiff 8 and alpha": (colour_tiff(beside(GREY, FIRST_CLEAR), 8, 2, GRAY, _338=2), CLEAR),
    "tiff 16 and alpha": (colour_tiff(beside(DEEP, scaled(FIRST_CLEAR, 65535)), 16, 2, GRAY, _338=2), CLEAR),
    "tiff 8 and premultiplied alpha": (colour_tiff(beside([[0] * 3] * 2, negative(GREY)), 8, 2, GRAY, _338=1), GREY),
    "tiff 16 and premultiplied alpha": (
        colour_tiff(beside([[0] * 3] * 2, negative(DEEP, 65535)), 16, 2, GRAY, ">", _338=1),
        GREY,
    ),
    "tiff 8 and something else": (colour_tiff(beside(GREY, FIRST_CLEAR), 8, 2, GRAY, _338=0), GREY),
    "tiff white is zero and alpha": (
        colour_tiff(beside(negative(GREY), FIRST_CLEAR), 8, 2, WIG, _338=2),
        CLEAR,
    ),
    "tiff RGB 8": (colour_tiff(flat(RED), 8, 3), RED),
    "tiff RGB 16": (colour_tiff(flat(RED, 65535), 16, 3), RED),
    "tiff RGB 16, big end first": (colour_tiff(flat(RED, 65535), 16, 3, order=">"), RED),
    "tiff RGBA 8": (colour_tiff(with_alpha(GREYS, FIRST_CLEAR), 8, 4, _338=2), CLEAR),
    "tiff RGBA 8, premultiplied": (
        colour_tiff(with_alpha([[(0,) * 3] * 3] * 2, negative(GREY)), 8, 4, _338=1),
        GREY,
    ),
    "tiff RGBA 16": (colour_tiff(scaled(with_alpha(GREYS, FIRST_CLEAR), 65535), 16, 4, _338=2), CLEAR),
    "tiff RGB and something else": (colour_tiff(with_alpha(GREYS, FIRST_CLEAR), 8, 4, _338=0), GREY),
    "tiff RGB in planes": (planes_tiff(RED, 8), RED),
    "tiff RGB 16 in planes": (planes_tiff(RED, 16), RED),
    "tiff palette": (palette_tiff([value * 257 for row in GREY for value in row]), GREY),
    "tiff palette of 8-bit colours": (palette_tiff([value << 8 for row in GREY for value in row]), GREY),
    "tiff CMYK": (colour_tiff(flat(INKS), 8, 4, CMYK), GREY),
    "tiff CMYK and alpha": (colour_tiff(with_alpha(INKS, FIRST_CLEAR), 8, 5, CMYK, _338=2), CLEAR),
    "tiff RGB of 4 bits": (colour_tiff(flat(RED, 15), 4, 3), RED),
    "tiff 14": (grey_tiff(scaled(GREY, 16383), 14), GREY),
    "tiff YCbCr": (saved("TIFF", Image.merge("YCbCr", [image(GREY), *[image([[128] * 3] * 2)] * 2])), GREY),
    "pbm": (b"P4\n3 2\n" + packed([[1, 0, 0], [0, 1, 1]], 1), BITS),
    "pgm of 15": (pgm(15), GREY),
    "pgm of 100": (pgm(100), GREY),
    "pgm of 255": (pgm(255), GREY),
    "pgm of 1000": (pgm(1000), GREY),
    "pgm of 4095": (pgm(4095), GREY),
    "pgm of 65535": (pgm(65535), GREY),
    "pgm in words": (pgm(1000, kind=b"P2"), GREY),
    "ppm of 255": (b"P6\n3 2\n255\n" + packed(flat(RED), 8), RED),
    "ppm of 65535": (b"P6\n3 2\n65535\n" + packed(flat(RED, 65535), 16), RED),
    "bmp 1": (bmp(padded([[0, 1, 1], [1, 0, 0]], 1), SIZE, 1, bytes(4) + b"\xff\xff\xff\0"), BITS),
    "bmp 1, white first": (bmp(padded([[1, 0, 0], [0, 1, 1]], 1), SIZE, 1, b"\xff\xff\xff\0" + bytes(4)), BITS),
    "bmp palette": (
        bmp(padded(INDEX, 8), SIZE, 8, b"".join(bytes((v, v, v, 0)) for row in GREY for v in row)),
        GREY,
    ),
    "bmp 24": (bmp(padded(flat(BGR), 8), SIZE, 24), RED),
    "tga grey": (tga(packed(GREY, 8), SIZE, 3, 8), GREY),
    "tga 32 without opacity": (tga(packed(with_alpha(BGR, FIRST_CLEAR), 8), SIZE, 2, 32), RED),
    "tga 32": (tga(packed(with_alpha(GREYS, FIRST_CLEAR), 8), SIZE, 2, 32, opacity=8), CLEAR),
    "tga 24": (tga(packed(flat(BGR), 8), SIZE, 2, 24), RED),
    "gif": (saved("GIF", image(GREY)), GREY),
    "gif with a clear colour": (saved("GIF", image(GREY), transparency=0), CLEAR),
    "gif whose first frame is smaller": (gif([0, 1, 2], (1, 3), (2, 3), [0, 51, 102, 0]), [GREY[0], [255] * 3]),
    "webp": (saved("WEBP", Image.merge("RGB", [image(GREY)] * 3), lossless=True), GREY),
    "jpeg of one grey": (saved("JPEG", image([[102] * 3] * 2), quality=100), [[102] * 3] * 2),
}


@pytest.mark.parametrize("kind", KINDS)
def test_pixels_by_hand(tmp_path, wanted, kind):
    content, expected = KINDS[kind]
    path = tmp_path / "picture"
    path.write_bytes(content)
    truth = np.array(expected)
    truth = np.repeat(truth[..., None], 3, axis=-1) if truth.ndim == 2 else truth
    changes = Changes()
    said = picture(path, wanted(2, 3, 3), changes)  # as `predict` reads it
    assert said.tolist() == truth.tolist()
    assert changes.notes(1) == []
    (read,), failures, _ = read_pictures([path], wanted(2, 3, 3))  # as `run` does
    assert not failures and (read == said).all()
    if np.array(expected).ndim == 2:
        assert picture(path, wanted(2, 3))[..., 0].tolist() == expected


def float_tiff():
    return tiff(np.array(GREY, "<f4").tobytes(), SIZE, {258: 32, 262: GRAY, 277: 1, 339: 3})


def fits(rows, bits):
    cards = [("SIMPLE", "T"), ("BITPIX", bits), ("NAXIS", 2), ("NAXIS1", 3), ("NAXIS2", 2)]
    head = "".join(f"{name:8}= {value!s:>20}".ljust(80) for name, value in cards) + "END".ljust(80)
    return head.ljust(2880).encode() + packed(rows, bits).ljust(2880, b"\0")


REFUSED = {
    "tiff of 32 bits": (grey_tiff(GREY, 32), "at most 16 bits, found 32"),
    "tiff of signed values": (grey_tiff(DEEP, 16, _339=2), "found signed ones"),
    "tiff of floats": (float_tiff(), "found floating-point ones"),
    "tiff without a meaning": (tiff(packed(GREY, 8), SIZE, {258: 8, 277: 1}), "lacks the tag 262"),
    "tiff of a strange meaning": (grey_tiff(GREY, 8, 32844), "photometric interpretation 32844"),
    "tiff of samples that differ": (
        tiff(packed(flat(RED), 8), SIZE, {258: (5, 6, 5), 262: RGB, 277: 3}),
        "5, 6, 5 bits",
    ),
    "tiff with too few samples": (grey_tiff(GREY, 8, RGB), r"1 sample where 3 are expected"),
    "tiff palette cut short": (tiff(packed(INDEX, 4), SIZE, {258: 4, 262: PAL, 277: 1, 320: (0,) * 9}), "3 colours"),
    "tiff of other inks": (colour_tiff(with_alpha(GREYS, GREY), 8, 4, CMYK, _332=2), "inks"),
    "tiff that claims too much": (grey_tiff(GREY, 8, _256=60000, _257=3000), "too short for that"),
    "tiff cut short": (grey_tiff(GREY, 8)[:40], "cut short|cannot be read"),
    "png that claims too much": (png(8, 0, GREY, 20_000)[:60], "too short|cannot be read"),
    "pfm": (b"Pf\n3 2\n-1.0\n" + np.array(GREY, "<f4").tobytes(), "floating-point|something else"),
    "fits of 16 bits": (fits(GREY, 16), "does not say which value is white"),
    "fits of 32 bits": (fits(GREY, 32), "does not say which value is white"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_says_no_scale_is_refused_in_a_line(tmp_path, wanted, kind):
    content, message = REFUSED[kind]
    (tmp_path / "picture").write_bytes(content)
    with pytest.raises(DataError, match=message) as caught:
        picture(tmp_path / "picture", wanted(2, 3))
    assert str(caught.value).startswith(str(tmp_path / "picture")) and "\n" not in str(caught.value)


def test_there_are_enough_kinds():
    assert len(KINDS) >= 40


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.startswith(("png", "tiff", "pgm", "bmp"))])
def test_broken_bytes_are_one_line_or_a_picture(tmp_path, wanted, kind):
    """A byte of the header or the tags is another one: never a traceback."""
    content, _ = KINDS[kind]
    draw = np.random.default_rng(zlib.crc32(kind.encode()))
    path = tmp_path / "picture"
    for _ in range(40):
        broken = bytearray(content)
        for at in draw.integers(0, len(broken), draw.integers(1, 4)):
            broken[at] = draw.integers(256)
        path.write_bytes(broken[: draw.integers(1, len(broken) + 1)] if draw.random() < 0.3 else broken)
        try:
            assert picture(path, wanted(2, 3)).shape == (2, 3, 1)
        except DataError as error:
            assert "\n" not in str(error)


def test_pages_and_frames_are_told(tmp_path, wanted):
    paged = tiff(packed(GREY, 8), SIZE, {258: 8, 262: GRAY, 277: 1}, pages=10)
    (tmp_path / "paged.tif").write_bytes(paged)
    image(GREY).save(tmp_path / "moving.gif", save_all=True, append_images=[image(THIRDS), image(BITS)])
    for name, count in (("paged.tif", 10), ("moving.gif", 3)):
        changes = Changes()
        assert picture(tmp_path / name, wanted(2, 3), changes)[..., 0].tolist() == GREY
        (note,) = changes.notes(1)
        assert note == (
            f"1 of 1 picture had more than one page or frame; the first was used: {tmp_path / name} has {count}"
        )


def test_a_tiff_is_turned_as_it_says(tmp_path, wanted):
    (tmp_path / "turned.tif").write_bytes(grey_tiff(GREY, 8, _274=6))
    assert picture(tmp_path / "turned.tif", wanted(3, 2))[..., 0].tolist() == np.rot90(GREY, -1).tolist()


def test_pictures_of_pillow_itself(wanted):
    deep = image(DEEP, np.uint16)
    deep.info["transparency"] = 0
    assert picture(deep, wanted(2, 3))[..., 0].tolist() == CLEAR
    assert (
        picture(Image.merge("LA", [image([[0] * 3] * 2), image(negative(GREY))]).convert("La"), wanted(2, 3))[
            ..., 0
        ].tolist()
        == GREY
    )
    with pytest.raises(DataError, match="a picture: expected grey values from 0 to 65535"):
        picture(image([[70000] * 3] * 2, np.int32), wanted(2, 3))
