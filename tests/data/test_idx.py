"""`idx` on files made byte by byte, whole and broken."""

from __future__ import annotations

import gzip
import struct

import numpy as np
import pytest

from xonet.data import DataError
from xonet.data.idx import Idx

COUNT, HEIGHT, WIDTH = 5, 3, 4
RAW = np.random.default_rng(0).integers(0, 256, (COUNT, HEIGHT, WIDTH), dtype=np.uint8)
IMAGES = struct.pack(">IIII", 0x803, COUNT, HEIGHT, WIDTH) + RAW.tobytes()
LABELS = struct.pack(">II", 0x801, COUNT) + bytes([0, 1, 1, 0, 1])


@pytest.fixture
def files(tmp_path):
    """Writes the two files, and gives the source that reads them."""

    def write(images=IMAGES, labels=LABELS):
        for name, content in (("pictures", images), ("labels", labels)):
            if content is not None:
                (tmp_path / name).write_bytes(content)
        return Idx(images="pictures", labels="labels")

    return write


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_whole_files(files, wanted, pack):
    data = files(pack(IMAGES), pack(LABELS)).load(wanted(HEIGHT, WIDTH))
    assert (data.pictures[..., 0] == RAW).all() and data.pictures.shape == (COUNT, HEIGHT, WIDTH, 1)
    assert data.targets.tolist() == [0, 1, 1, 0, 1]
    assert data.notes == []


@pytest.mark.parametrize("change", ["cut", "rewritten"])
def test_what_happens_to_a_file_later_does_not_matter(tmp_path, files, wanted, change):
    pictures = files().load(wanted(HEIGHT, WIDTH)).pictures
    with (tmp_path / "pictures").open("r+b") as file:
        if change == "cut":
            file.truncate(0)
        file.write(b"" if change == "cut" else bytes(len(IMAGES)))
    assert (pictures[..., 0] == RAW).all() and not pictures.flags.writeable


CLAIMS = [(2**32 - 1, 2**32 - 1, 2**32 - 1), (2**31, 2**31, 1), (60_000, 10_000, 10_000), (6, 3, 4)]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize("lengths", CLAIMS)
def test_a_header_that_claims_too_much(files, wanted, pack, lengths):
    with pytest.raises(DataError, match=r"pictures: expected .* as its header says, found .*cut short") as caught:
        files(pack(struct.pack(">IIII", 0x803, *lengths) + RAW.tobytes())).load(wanted(HEIGHT, WIDTH))
    assert "\n" not in str(caught.value)
    # how much is in a gzipped file is known only at its end, and a wrong count at once
    with pytest.raises(DataError, match=r"labels: expected (.* as its header says, found .*cut short|5 labels, .*)"):
        files(labels=pack(struct.pack(">II", 0x801, lengths[0]) + LABELS[8:])).load(wanted(HEIGHT, WIDTH))


def test_what_does_not_fit_into_memory_is_one_line(files, wanted, monkeypatch):
    source = files()

    def none_left(*_):
        raise MemoryError

    monkeypatch.setattr(np, "empty", none_left)
    with pytest.raises(DataError, match=r"pictures: its pictures, 5 × 3 × 4 = 60 bytes, .* do not fit into memory"):
        source.load(wanted(HEIGHT, WIDTH))


def test_labels_may_be_left_out(files, wanted):
    files()
    assert Idx(images="pictures").load(wanted(HEIGHT, WIDTH, classes=())).targets is None


def test_another_size_is_resized_and_said_once(files, wanted):
    flat = np.repeat(np.repeat(RAW, 2, axis=1), 2, axis=2)
    data = files(struct.pack(">IIII", 0x803, COUNT, 6, 8) + flat.tobytes()).load(wanted(HEIGHT, WIDTH, 3))
    assert (data.pictures == RAW[..., None]).all() and data.pictures.shape[-1] == 3
    assert len(data.notes) == 1 and "5 of 5 pictures resized to 3 × 4" in data.notes[0]


@pytest.mark.parametrize(
    ("images", "labels", "message"),
    [
        (None, LABELS, r"pictures: expected a file of pictures, found nothing"),
        (IMAGES, None, r"labels: expected a file of labels, found nothing"),
        (b"", LABELS, "pictures: expected pictures in IDX format .*found an empty file"),
        (LABELS, LABELS, r"pictures: expected pictures in IDX format \(beginning with 00000803\), found 00000801"),
        (IMAGES, IMAGES, r"labels: expected labels in IDX format \(beginning with 00000801\), found 00000803"),
        (b"\x89PNG\r\n", LABELS, r"pictures: .*found a PNG picture \(89504e47\)"),
        (IMAGES[:9], LABELS, "pictures: expected a header of 16 bytes, found 9"),
        (IMAGES[:-1], LABELS, "pictures: expected 5 × 3 × 4 = 60 bytes, as its header says, found 59: .*cut short"),
        (IMAGES + b"!", LABELS, "pictures: expected 5 × 3 × 4 = 60 bytes, .* found more"),
        (gzip.compress(IMAGES[:-1], mtime=0), LABELS, "pictures: expected 5 × 3 × 4 = 60 bytes, .* found 59"),
        (gzip.compress(IMAGES + b"!", mtime=0), LABELS, "pictures: .*found more"),
        (gzip.compress(IMAGES, mtime=0)[:-12], LABELS, "pictures: expected a complete gzipped file of pictures"),
        (b"\x1f\x8b but no gzip", LABELS, "pictures: expected a complete gzipped file of pictures"),
        (struct.pack(">IIII", 0x803, 0, 3, 4), LABELS, "pictures: expected pictures, found none"),
        (IMAGES, LABELS[:-1], "labels: expected 5 = 5 bytes, .* found 4"),
        (IMAGES, struct.pack(">II", 0x801, 4) + bytes(4), "labels: expected 5 labels, .*pictures, found 4"),
        (IMAGES, LABELS[:-1] + b"\x02", "labels: expected labels from 0 to 1 for 2 classes, found 2 at position 4"),
    ],
)
def test_broken_files(files, wanted, images, labels, message):
    with pytest.raises(DataError, match=message) as caught:
        files(images, labels).load(wanted(HEIGHT, WIDTH))
    assert "\n" not in str(caught.value)


def test_a_folder_is_no_file(tmp_path, wanted):
    (tmp_path / "pictures").mkdir()
    with pytest.raises(DataError, match="pictures: expected a file of pictures"):
        Idx(images="pictures").load(wanted())


def test_labels_for_a_network_without_classes(files, wanted):
    with pytest.raises(DataError, match="idx labels are class numbers"):
        files().load(wanted(HEIGHT, WIDTH, classes=()))
