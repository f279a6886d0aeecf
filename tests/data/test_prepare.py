"""Pictures of every kind become the same bytes, and bytes become network values by one formula."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image, ImageDraw

from xonet.data import DataError
from xonet.data._prepare import Changes, affine, picture, values

GREY = np.array([[0, 50, 100], [150, 200, 255]], np.uint8)


def section(**knobs):
    return SimpleNamespace(**{"range": (0.0, 1.0), "invert": False, "mean": None, "std": None, **knobs})


def grey_palette():
    """The picture GREY, each pixel the number of a colour in a palette that is no ramp."""
    made = Image.new("P", (3, 2))
    made.putpalette([level for level in GREY.ravel()[::-1] for _ in range(3)])
    made.putdata([5, 4, 3, 2, 1, 0])
    return made


KINDS = {
    "grey": lambda: Image.fromarray(GREY),
    "grey and alpha": lambda: Image.merge("LA", [Image.fromarray(GREY), Image.new("L", (3, 2), 255)]),
    "RGB": lambda: Image.merge("RGB", [Image.fromarray(GREY)] * 3),
    "RGBA": lambda: Image.merge("RGBA", [Image.fromarray(GREY)] * 3 + [Image.new("L", (3, 2), 255)]),
    "ink by alpha": lambda: Image.merge("RGBA", [Image.new("L", (3, 2), 0)] * 3 + [Image.fromarray(255 - GREY)]),
    "16 bit": lambda: Image.fromarray(GREY.astype(np.uint16) * 257),
    "32 bit": lambda: Image.fromarray(GREY.astype(np.int32) * 257),
    "palette": grey_palette,
}


@pytest.mark.parametrize("suffix", ["png", "tif", None])
@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)
def test_every_kind_of_pixel(tmp_path, wanted, make, suffix):
    made = make()
    if suffix and made.mode != "I":  # of 32-bit values in a file nobody knows the white: see test_kinds
        made.save(tmp_path / f"picture.{suffix}")
        made = tmp_path / f"picture.{suffix}"
    changes = Changes()
    assert np.abs(picture(made, wanted(2, 3), changes)[..., 0].astype(int) - GREY).max() <= 1
    assert changes.notes(1) == []
    assert np.abs(picture(made, wanted(2, 3, 3)).astype(int) - GREY[..., None]).max() <= 1


def test_one_bit(wanted):
    bits = Image.fromarray(GREY).convert("1", dither=Image.Dither.NONE)
    assert picture(bits, wanted(2, 3))[..., 0].tolist() == [[0, 0, 0], [255, 255, 255]]


def test_a_see_through_palette_colour_is_paper(tmp_path, wanted):
    grey_palette().save(tmp_path / "picture.png", transparency=5)
    assert picture(tmp_path / "picture.png", wanted(2, 3))[0, 0, 0] == 255


def test_colours_stay_or_become_grey(wanted):
    red = Image.new("RGB", (3, 2), (255, 0, 0))
    changes = Changes()
    assert picture(red, wanted(2, 3, 3))[0, 0].tolist() == [255, 0, 0]
    assert picture(red, wanted(2, 3), changes)[0, 0].tolist() == [76]  # ITU-R 601: 0.299 of red
    assert changes.notes(1) == ["1 of 1 picture became grey, because the network has one channel: a picture"]


def test_exif_orientation(tmp_path, wanted):
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright: turn by 90 degrees clockwise
    Image.fromarray(GREY).save(tmp_path / "turned.png", exif=exif)
    assert (picture(tmp_path / "turned.png", wanted(3, 2))[..., 0] == np.rot90(GREY, -1)).all()


def test_shrinking_takes_means(wanted):
    fine = np.random.default_rng(0).integers(0, 256, (18, 36), dtype=np.uint8)
    means = fine.reshape(9, 2, 9, 4).mean(axis=(1, 3))
    assert np.abs(picture(Image.fromarray(fine), wanted())[..., 0] - means).max() <= 1


def test_the_resize_rule_of_the_page(wanted):
    """docs/pictures.md: a pixel counts wholly where its centre is; along a direction that grows, between centres."""
    row = np.array([[0, 100, 200]], np.uint8)
    assert picture(Image.fromarray(row), wanted(1, 2))[0, :, 0].tolist() == [50, 200]
    assert picture(Image.fromarray(row[:, :2]), wanted(1, 4))[0, :, 0].tolist() == [0, 25, 75, 100]
    # one direction grows: the other takes a triangle, two new pixels wide
    tall = np.array([[0], [0], [80], [80]], np.uint8)
    weights = np.array([[0.75, 0.75, 0.25, 0], [0, 0.25, 0.75, 0.75]])
    means = np.rint((weights / weights.sum(axis=1, keepdims=True)) @ tall)
    assert (picture(Image.fromarray(tall), wanted(2, 2))[..., 0] == means).all()


def boxed(pixels, width):
    """The page's rule for what becomes smaller, along rows of whole numbers."""
    step = pixels.shape[1] / width
    centre = (np.arange(width)[:, None] + 0.5) * step
    number = np.arange(pixels.shape[1])
    place = (number - centre + 0.5) * (1 / step)
    first, end = (centre - step * 0.5 + 0.5).astype(int), (centre + step * 0.5 + 0.5).astype(int)
    counts = ((place > -0.5) & (place <= 0.5) & (number >= first) & (number < end)).astype(int)
    part = ((1 << 22) / counts.sum(axis=1) + 0.5).astype(int)  # one of so many, in Pillow's 22 bits
    return (pixels @ counts.T * part + (1 << 21)) >> 22


@pytest.mark.parametrize("seed", range(30))
def test_the_rule_for_what_becomes_smaller(wanted, seed):
    draw = np.random.default_rng(seed)
    height, width = draw.integers(1, 60, 2)
    pixels = draw.integers(0, 256, (height, width))
    smaller = draw.integers(1, height + 1), draw.integers(1, width + 1)
    found = picture(Image.fromarray(pixels.astype(np.uint8)), wanted(*smaller))[..., 0]
    assert (found == boxed(boxed(pixels, smaller[1]).T, smaller[0]).T).all()


def test_colours_become_grey_as_the_page_says(wanted):
    colours = np.random.default_rng(0).integers(0, 256, (20, 30, 3), dtype=np.uint8)
    red, green, blue = np.moveaxis(colours.astype(int), -1, 0)
    grey = (19595 * red + 38470 * green + 7471 * blue + 32768) >> 16
    assert (picture(Image.fromarray(colours), wanted(20, 30))[..., 0] == grey).all()


def test_growing_interpolates(wanted):
    steps = picture(Image.fromarray(np.array([[0, 200]], np.uint8)), wanted(1, 8))[0, :, 0].astype(int)
    assert steps[0] == 0 and steps[-1] == 200 and (np.diff(steps) >= 0).all() and len(set(steps)) > 3


def test_very_large_pictures(tmp_path, wanted, monkeypatch):
    Image.fromarray(GREY).save(tmp_path / "large.png")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 4)  # Pillow warns above it
    assert (picture(tmp_path / "large.png", wanted(2, 3))[..., 0] == GREY).all()
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 2)  # and refuses above twice as many
    with pytest.raises(DataError, match=r"large\.png: expected a complete picture"):
        picture(tmp_path / "large.png", wanted(2, 3))


def test_floating_point_pixels_are_refused(wanted):
    with pytest.raises(DataError, match="a picture: expected integer grey values"):
        picture(Image.fromarray(GREY.astype(np.float32)), wanted(2, 3))


def test_a_missing_picture(tmp_path, wanted):
    with pytest.raises(DataError, match=r"none\.png: no such picture"):
        picture(tmp_path / "none.png", wanted())


def test_a_letter_of_another_hand_looks_like_the_sources(wanted):
    """An X that Pillow draws at 900 × 900, along the deck's diagonals, is the source's X after shrinking."""
    from xonet.data.xo import Xo

    large = Image.new("L", (900, 900), 255)
    pen = ImageDraw.Draw(large)
    near, far = 115, 785  # a pen of 100 reaches beyond its line's ends, and Pillow's does not
    pen.line((near, near, far, far), fill=0, width=100)
    pen.line((far, near, near, far), fill=0, width=100)
    mine = Xo(count=2).load(wanted()).pictures[1].astype(int)
    theirs = picture(large, wanted())
    assert ((theirs < 128) == (mine < 128)).all()
    assert np.abs(theirs - mine).max() < 64


@given(
    raw=arrays.arrays(np.uint8, st.tuples(st.integers(1, 3), st.integers(1, 4), st.integers(1, 4), st.just(3))),
    low=st.floats(-5, 5),
    high=st.floats(-5, 5),
    invert=st.booleans(),
    mean=st.one_of(st.none(), st.floats(-2, 2), st.tuples(*[st.floats(-2, 2)] * 3)),
    std=st.one_of(st.none(), st.floats(0.1, 3), st.tuples(*[st.floats(0.1, 3)] * 3)),
)
def test_values_step_by_step(raw, low, high, invert, mean, std):
    made = values(raw, section(range=(low, high), invert=invert, mean=mean, std=std))
    level = raw.astype(np.float64) / 255
    level = 1 - level if invert else level
    truth = (low + level * (high - low) - np.array(0 if mean is None else mean)) / np.array(1 if std is None else std)
    assert made.dtype == np.float32
    assert np.allclose(made, truth, rtol=1e-5, atol=2e-5)


def test_values_are_exactly_the_affine_formula():
    raw = np.arange(256, dtype=np.uint8).reshape(1, 16, 16, 1)
    knobs = section(range=(-1, 1), invert=True, mean=(0.2,), std=0.3)
    scale, offset = affine(knobs, 1)
    assert scale.dtype == offset.dtype == np.float32 and scale.shape == offset.shape == (1,)
    assert (values(raw, knobs) == raw.astype(np.float32) * scale + offset).all()


def test_the_decks_ink_is_one_and_paper_minus_one():
    assert values(np.array([[0, 255]], np.uint8), section(range=(-1, 1), invert=True)).tolist() == [[1, -1]]


def test_floats_pass_unchanged():
    pictures = np.array([[0.5, 300]], np.float32)
    assert values(pictures, section(range=(-1, 1), mean=3)) is pictures
