"""Some seconds of `python -m tests.agreement` with a seed that is new each time, and files that disagreed once."""

from __future__ import annotations

import gzip
import os
import secrets
import struct
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from tests.agreement.__main__ import make, run
from tests.agreement.files import claiming
from tests.agreement.judge import Said, _problem, judge
from tests.data.made import png
from xonet.data import SOURCES
from xonet.machine import memory

SECONDS = float(os.environ.get("XONET_AGREEMENT_SECONDS", "6"))

FILE = """\
xonet: 1
input: {height: 2, width: 2}
layers: [{dense: {units: 2}}]
output: {classes: [X, O]}
data: {train: TRAIN}
training: {loss: cross_entropy, optimizer: {sgd: {learning_rate: 0.1}}, epochs: 1}
"""


def idx(claimed: int, there: int, *size: int) -> bytes:
    """A gzipped IDX file that holds other than it claims."""
    header = struct.pack(f">I{1 + len(size)}I", 0x801 + len(size), claimed, *size)
    return gzip.compress(header + np.random.default_rng(0).integers(0, 2, (there, *size), np.uint8).tobytes())


def folder_of(place: Path, **pictures: bytes) -> None:
    """A folder of pictures, one a class."""
    for name, raw in pictures.items():
        (place / name).mkdir(parents=True)
        (place / name / "1.png").write_bytes(raw)


SOUND = png(8, 0, [[0, 90], [255, 3]], 2)


@pytest.fixture
def outcome(tmp_path):
    def judged(train: str, **options: str) -> str:
        text = FILE.replace("TRAIN", train)
        for old, new in options.items():
            text = text.replace(old, new)
        (tmp_path / "network.yaml").write_text(text)
        return judge(tmp_path, "network.yaml", "reference")

    return judged


def test_a_share_without_pictures_of_very_many(outcome):
    assert outcome("{xo: {count: 150000}}, validation: {share: 1e-37}") == "refused"
    assert outcome("{xo: {count: 150000}}, test: {share: 1e-10}") == "refused"
    assert outcome("{xo: {count: 150000}}, test: {share: 1e-5}") == "finished"


def test_gzipped_files_that_claim_more_than_they_hold(outcome, tmp_path):
    (tmp_path / "images").write_bytes(idx(20_000, 900, 2, 2))
    (tmp_path / "labels").write_bytes(idx(20_000, 900))
    assert outcome("{idx: {images: images, labels: labels}}") == "refused"
    (tmp_path / "images").write_bytes(idx(20_000, 20_000, 2, 2))
    assert outcome("{idx: {images: images, labels: labels}}") == "refused"
    (tmp_path / "labels").write_bytes(idx(20_000, 20_000))
    assert outcome("{idx: {images: images, labels: labels}}") == "finished"


def test_one_set_cannot_be_decoded_and_another_is_no_picture(outcome, tmp_path):
    folder_of(tmp_path / "cut", X=SOUND[:-20], O=SOUND)
    folder_of(tmp_path / "junk", X=b"junk", O=SOUND)
    assert outcome("{images: {folder: cut}}, test: {images: {folder: junk}}") == "refused"


@pytest.mark.parametrize("size", [(9000, 9000), (20_000, 20_000), (2**31 - 1, 1), (0, 2)])
def test_a_picture_that_claims_more_than_it_holds(outcome, tmp_path, size):
    folder_of(tmp_path / "letters", X=claiming(*size), O=SOUND)
    assert outcome("{images: {folder: letters}}") == "refused"


@pytest.mark.skipif(memory() > 2**36, reason="this machine holds it")
def test_parameters_beyond_this_machines_memory(outcome):
    assert outcome("{xo: {count: 4}}", **{"units: 2}": "units: 4294967296}}, {dense: {units: 2}"}) == "refused"


def test_numbers_that_overflow(outcome):
    pictures = {"data: {train:": "data: {pictures:", "training:": "description: none #"}
    wild = "units: 2, init: {uniform: {low: -3.4e+38}}}"
    assert outcome("{xo: {count: 4}}", **pictures, **{"units: 2}": wild, "width: 2}": "width: 9}"}) == "finished"


def test_some_seconds_of_files():
    seed = secrets.randbits(32)
    print(f"repeat with: python -m tests.agreement --seed {seed} --only NUMBER")
    assert not run(seed, count(), SECONDS)


def test_a_seed_makes_the_same_files_of_every_source(tmp_path):
    texts = []
    for number in range(60):
        for again in range(2):
            folder = tmp_path / f"{number}-{again}"
            folder.mkdir()
            make(folder, 1, number)
            texts.append((folder / "network.yaml").read_bytes())
    assert texts[::2] == texts[1::2]
    assert not [word for word in SOURCES.members if word not in b"".join(texts).decode("utf-8", "replace")]


ERROR = "n.yaml:1:1: error[bad-data] a\n"


@pytest.mark.parametrize(
    ("checked", "ran", "agree"),
    [
        (Said(0, ""), Said(0, "weights: w"), True),
        (Said(0, ""), Said(1, "xonet: the loss became NaN or inf"), True),
        (Said(1, ERROR), Said(1, ERROR), True),
        (Said(1, ERROR + ERROR.replace("1:1", "2:1")), Said(1, ERROR), True),
        (Said(0, ""), Said(1, ERROR), False),
        (Said(0, ERROR.replace("error", "warning")), Said(1, ERROR), False),
        (Said(1, ERROR), Said(0, "weights: w"), False),
        (Said(1, ERROR), Said(1, ERROR.replace("bad-data", "no-pictures")), False),
        (Said(1, ERROR), Said(1, ERROR.replace("1:1", "1:2")), False),
        (Said(1, ERROR), Said(2, "xonet: a"), False),
        (Said(0, ""), Said(3, "Traceback"), False),
    ],
)
def test_what_counts_as_agreement(checked, ran, agree):
    assert (not _problem(checked, ran)) is agree
