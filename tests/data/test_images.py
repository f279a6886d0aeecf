"""`images` on picture files that Pillow writes: every kind of pixel, folders and lists, and broken ones."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from xonet.data import DataError
from xonet.data.images import Images

GREY = np.array([[0, 50, 100], [150, 200, 255]], np.uint8)


def save(path, pixels=GREY, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.asarray(pixels)).save(path, **options)


@pytest.fixture
def letters(tmp_path):
    """A folder with two pictures of X and one of O, and what systems leave in folders."""
    save(tmp_path / "letters/X/b.png", GREY)
    save(tmp_path / "letters/X/a.bmp", 255 - GREY)
    save(tmp_path / "letters/O/c.gif", GREY)
    (tmp_path / "letters/X/.DS_Store").write_bytes(b"junk")
    (tmp_path / "letters/.git").mkdir()
    return tmp_path / "letters"


def test_a_folder_goes_class_by_class_and_name_by_name(letters, wanted):
    data = Images(folder="letters").load(wanted(2, 3))
    assert data.targets.tolist() == [0, 0, 1]
    assert data.names == [str(letters / name) for name in ("X/a.bmp", "X/b.png", "O/c.gif")]
    assert (data.pictures[..., 0] == [255 - GREY, GREY, GREY]).all()
    assert data.pictures.dtype == np.uint8 and data.notes == []
    assert Images(folder="letters").load(wanted(2, 3, classes=("O", "X"))).targets.tolist() == [0, 1, 1]


@pytest.mark.parametrize(
    "text", ["path,label\nX/b.png,X\n\nO/c.gif, O\n", "X/b.png,X\r\nO/c.gif,O", '\ufeff"X/b.png",X\nO/c.gif,O']
)
def test_a_list_begins_at_its_own_folder(letters, wanted, text):
    (letters / "some.csv").write_text(text, encoding="utf-8", newline="")
    data = Images(list="letters/some.csv").load(wanted(2, 3))
    assert data.targets.tolist() == [0, 1]
    assert (data.pictures[..., 0] == GREY).all()


def test_without_classes_pictures_have_no_labels(letters, wanted):
    (letters / "some.csv").write_text("X/b.png\nO/c.gif\n")
    for source, count in ((Images(folder="letters/X"), 2), (Images(list="letters/some.csv"), 2)):
        data = source.load(wanted(2, 3, classes=()))
        assert len(data) == count and data.targets is None


def test_what_was_done_is_said_once(letters, wanted):
    save(letters / "X/colour.png", np.full((2, 3, 3), (255, 0, 0), np.uint8))
    save(letters / "X/large.png", np.zeros((20, 30), np.uint8))
    save(letters / "X/larger.png", np.zeros((40, 60), np.uint8))
    notes = Images(folder="letters").load(wanted(2, 3)).notes
    assert notes == [
        f"1 of 6 pictures became grey, because the network has one channel: {letters / 'X/colour.png'}",
        f"2 of 6 pictures resized to 2 × 3: {letters / 'X/large.png'} is 20 × 30",
    ]


def cut(letters):
    whole = (letters / "X/b.png").read_bytes()
    (letters / "X/b.png").write_bytes(whole[: len(whole) * 2 // 3])


BREAKING = {
    "no picture": (lambda f: (f / "X/b.png").write_text("hello"), "b.png: expected a picture .*found something else"),
    "empty file": (lambda f: (f / "X/b.png").write_bytes(b""), "b.png: expected a picture"),
    "cut short": (cut, "b.png: expected a complete picture, but it cannot be read"),
    "another class": (lambda f: (f / "Z").mkdir(), r"Z: expected folders named after the classes \(X, O\), found Z"),
    "missing class": (
        lambda f: ((f / "O/c.gif").unlink(), (f / "O").rmdir()),
        "O: expected a folder with the pictures of class O",
    ),
    "empty class": (lambda f: (f / "O/c.gif").unlink(), "O: expected pictures of the class O, found an empty folder"),
}


@pytest.mark.parametrize(("change", "message"), BREAKING.values(), ids=BREAKING)
def test_broken_folders(letters, wanted, change, message):
    change(letters)
    with pytest.raises(DataError, match=message) as caught:
        Images(folder="letters").load(wanted(2, 3))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "some.csv: expected pictures, found none"),
        (b"path,label\n", "some.csv: expected pictures, found none"),
        (b"X/b.png,X\nO/c.gif,Z\n", r"some.csv:2: expected one of the classes X, O, found 'Z'"),
        (b"X/b.png\n", r"some.csv:1: expected path,label, found 1 column"),
        (b"X/none.png,X\n", r"some.csv:1: .*none.png: expected a picture, found nothing"),
        (b"X,X\n", "some.csv:1: .*X: expected a picture, found a folder"),
        (b"\xff\xfe\x00", "some.csv: expected a CSV file in UTF-8"),
        (b'"X/b.png', "some.csv: expected a CSV file in UTF-8"),
    ],
)
def test_broken_lists(letters, wanted, content, message):
    (letters / "some.csv").write_bytes(content)
    with pytest.raises(DataError, match=message) as caught:
        Images(list="letters/some.csv").load(wanted(2, 3))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("knobs", "message"),
    [
        ({"folder": "nowhere"}, "nowhere: expected a folder of pictures, found nothing"),
        ({"folder": "letters/X/b.png"}, "b.png: expected a folder of pictures, found a file"),
        ({"list": "nowhere.csv"}, "nowhere.csv: expected a list of pictures, found nothing"),
        ({}, "images needs a folder or a list"),
        ({"folder": "letters", "list": "some.csv"}, "a folder or a list, not both"),
    ],
)
def test_wrong_knobs(letters, wanted, knobs, message):
    with pytest.raises(DataError, match=message):
        Images(**knobs).load(wanted(2, 3))


@pytest.mark.parametrize("kind", ["list", "folder"])
def test_of_very_many_pictures_the_first_are_looked_at(letters, wanted, kind, monkeypatch):
    monkeypatch.setattr("xonet.data.images.look.LOOKED_AT", 4)
    for number in range(5):
        save(letters / f"O/{number}.png")
    rows = "".join(f"O/{number}.png,O\n" for number in range(4))
    (letters / "some.csv").write_text(f"{rows}O/4.png,nothing\n")
    (letters / "whole.csv").write_text(rows)
    source = Images(list="letters/some.csv") if kind == "list" else Images(folder="letters")
    look = source.look(wanted(2, 3))
    assert look.is_partial and look.count is None and 2 <= len(look.keys) <= 4
    whole = Images(list="letters/whole.csv").look(wanted(2, 3))
    assert whole.count == 4 and not whole.is_partial
    if kind == "list":
        with pytest.raises(DataError, match=r"some.csv:5: expected one of the classes"):
            source.load(wanted(2, 3))
    else:
        assert len(source.load(wanted(2, 3))) == 8


def test_a_long_list_of_nothing_is_not_read_to_its_end(tmp_path, wanted, monkeypatch):
    monkeypatch.setattr("xonet.data.images.look.LOOKED_AT", 4)
    (tmp_path / "empty.csv").write_text("\n" * 100)
    assert Images(list="empty.csv").look(wanted(2, 3)).is_partial
    with pytest.raises(DataError, match="found none"):
        Images(list="empty.csv").load(wanted(2, 3))
