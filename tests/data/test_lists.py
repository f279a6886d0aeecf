"""`images: {list: ...}` for labels and values."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from xonet.data import SOURCES, DataError


@pytest.fixture
def load(wanted, tmp_path):
    """Load a list of three pictures that begins with some lines."""
    for number in range(3):
        Image.new("L", (9, 9), 40 * number).save(tmp_path / f"{number}.png")

    def of(text, **asked):
        (tmp_path / "list.csv").write_text(text)
        return SOURCES.make({"images": {"list": "list.csv"}}).load(
            replace(wanted(classes=()), **({"role": "train"} | asked))
        )

    return of


def test_labels_that_hold(load):
    for head in ("", "path,labels\n", "path,label\n"):
        found = load(head + "0.png,\n1.png,dog | cat\n2.png,cat\n", labels=("cat", "dog")).targets
        assert found.dtype == np.float32 and found.tolist() == [[0, 0], [1, 1], [1, 0]]


def test_values_in_the_order_of_the_header(load):
    text = "0.png,1,-2.5\n1.png,3e2,0\n2.png,0.5,7\n"
    assert load(text, values=("a", "b")).targets.tolist() == [[1, -2.5], [300, 0], [0.5, 7]]
    assert load("path,b,a\n" + text, values=("a", "b")).targets.tolist() == [[-2.5, 1], [0, 300], [7, 0.5]]
    assert load("path,height,width\n" + text, values=2).targets.tolist() == [[1, -2.5], [300, 0], [0.5, 7]]


@pytest.mark.parametrize("cell", ["", "nan", "inf", "1e39", "1_000", "1,5", "12 px", "2024-01-01"])
def test_what_is_no_number_is_refused_with_its_line(load, cell):
    with pytest.raises(DataError, match=r"list\.csv:2: expected"):
        load(f"0.png,1\n1.png,{cell}\n2.png,2\n", values=("a",))


def test_a_path_alone_will_do_to_run_forward(load):
    assert load("0.png\n1.png\n2.png\n", values=("a", "b"), role="pictures").targets is None
    with pytest.raises(DataError, match="expected path,a,b, found 1 column"):
        load("0.png\n1.png\n2.png\n", values=("a", "b"))


def test_other_columns_than_the_output_names_are_refused(load):
    with pytest.raises(DataError, match="expected the columns path,a,b, found path,a,c"):
        load("path,a,c\n0.png,1,2\n", values=("a", "b"))
