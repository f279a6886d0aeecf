"""Files are whole or not there, and what is read is what was written."""

from __future__ import annotations

import os

import numpy as np
import pytest

from tests.command import leftovers
from xonet.arrays import digest, fill, read_arrays, write_arrays, write_whole
from xonet.data import DataError

ARRAYS = {"a": np.arange(6, dtype=np.float32).reshape(2, 3), "b": np.ones(40, np.float32)}
ABOUT = {"network": "layers: [relu]\n" * 20, "history": "[]"}


def test_written_and_read(tmp_path):
    path = tmp_path / "deep/file"
    write_arrays(path, "model", ARRAYS, ABOUT)
    arrays, about = read_arrays(path, "model")
    assert about == {**ABOUT, "kind": "model"} and arrays.keys() == ARRAYS.keys()
    for name, array in arrays.items():
        assert array.dtype == ARRAYS[name].dtype and (array == ARRAYS[name]).all()


def test_every_byte_counts(tmp_path):
    path = tmp_path / "file"
    write_arrays(path, "model", ARRAYS, ABOUT)
    whole = path.read_bytes()
    broken = [whole[:length] for length in range(0, len(whole), 7)]
    broken += [whole[:place] + bytes([whole[place] ^ 0x11]) + whole[place + 1 :] for place in range(len(whole))]
    broken += [whole + b"\0", b"{}", b"\xff" * 400, b"\x02" + b"\0" * 7 + b"{}", b"\x02" + b"\0" * 7 + b"[]"]
    for data in broken:
        path.write_bytes(data)
        with pytest.raises(DataError, match="expected a model"):
            read_arrays(path, "model")


def test_a_file_of_another_kind(tmp_path):
    path = tmp_path / "file"
    write_arrays(path, "checkpoint", ARRAYS, ABOUT)
    with pytest.raises(DataError, match="expected a model that xonet wrote, found checkpoint"):
        read_arrays(path, "model")


def test_digests_know_names_shapes_types_and_texts():
    array = np.zeros((2, 3), np.float32)
    others = [{"b": array}, {"a": array.reshape(3, 2)}, {"a": array.view(np.int32)}, {"a": array + 1}, {}]
    texts = [{"x": "y"}, {"xy": ""}, {"x": "", "y": ""}]
    found = [digest({"a": array}), *map(digest, others), *(digest({"a": array}, text) for text in texts)]
    assert len(set(found)) == len(found)
    assert digest({"a": array, "b": array}) == digest({"b": array, "a": array})


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({"a": ARRAYS["a"]}, "this one has b of shape (40,), the file has none"),
        ({**ARRAYS, "b": np.ones(41, np.float32)}, "this one has b of shape (40,), the file has one of shape (41,)"),
        ({**ARRAYS, "b": np.ones(40)}, "this one has b of shape (40,), the file has one of shape (40,) and of float64"),
        ({**ARRAYS, "c": np.ones(1)}, "this one has no c, the file has one"),
    ],
)
def test_arrays_that_do_not_fit_change_nothing(arrays, said):
    places = {name: np.zeros_like(array) for name, array in ARRAYS.items()}
    with pytest.raises(DataError) as raised:
        fill("some.file", places, arrays)
    assert str(raised.value) == f"some.file: of a different network: {said}"
    assert not any(array.any() for array in places.values())


def test_a_write_that_fails_leaves_what_was_there(tmp_path, monkeypatch):
    path = tmp_path / "file"
    write_whole(path, "old")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    for name in ("fsync", "replace"):
        with monkeypatch.context() as patch:
            patch.setattr(os, name, full)
            with pytest.raises(OSError, match="cannot be written: No space left") as raised:
                write_whole(path, "new")
            assert raised.value.filename == str(path)
        assert path.read_text() == "old" and not leftovers(tmp_path)


def test_an_interruption_leaves_what_was_there(tmp_path, monkeypatch):
    path = tmp_path / "file"
    write_whole(path, "old")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_whole(path, "new")
    assert path.read_text() == "old" and not leftovers(tmp_path)


def test_what_others_put_into_the_folder_is_not_written_to(tmp_path):
    outside = tmp_path / "outside"
    outside.write_text("mine")
    folder = tmp_path / "runs"
    folder.mkdir()
    for name in (".file.part", "file", ".xonet-", ".part"):
        (folder / name).symlink_to(outside)
    write_whole(folder / "file", "new")
    assert outside.read_text() == "mine" and (folder / "file").read_text() == "new"
    assert not (folder / "file").is_symlink()
    (folder / "file").unlink()
    os.mkfifo(folder / "file")
    write_whole(folder / "file", "new")  # and does not wait for a reader
    assert (folder / "file").read_text() == "new"


def test_several_write_the_same_file(tmp_path, monkeypatch):
    """Each has a file of its own beside it; the one that is written last stays, whole."""
    path, fsync = tmp_path / "file", os.fsync

    def interposed(handle):
        monkeypatch.setattr(os, "fsync", fsync)
        write_whole(path, "the whole text of another")
        assert path.read_text() == "the whole text of another"

    monkeypatch.setattr(os, "fsync", interposed)
    write_whole(path, "mine")
    assert path.read_text() == "mine" and not leftovers(tmp_path)
    write_whole(path, "again")
    assert path.read_text() == "again" and not leftovers(tmp_path)
