"""The same picture in two sets is told, whatever the pictures come from."""

from __future__ import annotations

import struct
from itertools import combinations

import numpy as np
import pytest
from PIL import Image

from xonet.data import Dataset
from xonet.data._sets import load_sets
from xonet.data._twins import Twins, hashes
from xonet.network import check, load

PICTURES = np.random.default_rng(0).choice(np.array([0, 255], np.uint8), (12, 9, 9))
SETS = {"train": [0, 1, 2, 3, 4, 5], "validation": [6, 7, 8, 2], "test": [9, 3, 4, 10, 7, 11]}
TOLD = {("train", "validation"): 1, ("train", "test"): 2, ("validation", "test"): 1}
"""How many pictures of the second set are in the first."""


def label(index):
    return "XO"[index % 2]


def folder(root, role):
    for index in SETS[role]:
        path = root / role / label(index) / f"{role}{index}.{'bmp' if role == 'test' else 'png'}"
        path.parent.mkdir(parents=True, exist_ok=True)
        size = 3 if role == "test" else 1  # what is compared is the prepared picture
        Image.fromarray(np.kron(PICTURES[index], np.ones((size, size), np.uint8))).save(path)
    return f"{{images: {{folder: {role}}}}}"


def listed(root, role):
    folder(root, role)
    rows = [f"{path.relative_to(root)},{path.parent.name}" for path in sorted((root / role).rglob("*.*"))]
    (root / f"{role}.csv").write_text("\n".join(rows))
    return f"{{images: {{list: {role}.csv}}}}"


def idx(root, role):
    chosen = PICTURES[SETS[role]]
    (root / f"{role}-images").write_bytes(struct.pack(">4I", 0x803, *chosen.shape) + chosen.tobytes())
    labels = bytes(index % 2 for index in SETS[role])
    (root / f"{role}-labels").write_bytes(struct.pack(">2I", 0x801, len(labels)) + labels)
    return f"{{idx: {{images: {role}-images, labels: {role}-labels}}}}"


def drawn(_, role):
    rows = {
        index: "\\n".join("".join("#."[int(v > 0)] for v in row) for row in PICTURES[index]) for index in SETS[role]
    }
    each = [f'{{label: {label(index)}, pixels: "{text}"}}' for index, text in rows.items()]
    return f"{{ascii: [{', '.join(each)}]}}"


def write(root, sets):
    text = "\n".join(f"  {role}: {source}" for role, source in sets.items())
    (root / "net.yaml").write_text(
        "xonet: 1\ninput: {height: 9, width: 9}\nlayers: [flatten, {dense: {units: 2}}]\n"
        f"output: {{classes: [X, O]}}\ndata:\n{text}\n"
        "training: {loss: cross_entropy, optimizer: {sgd: {learning_rate: 0.1}}, epochs: 1, batch_size: 2}\n"
    )


def network(root, sets):
    write(root, sets)
    return load(root / "net.yaml")


def told(network, **options):
    """How many of the second set are in the first, as it is said."""
    found = load_sets(network.document.data, network.wanted, 0, **options)
    messages = [remark.message for _, remark in found.remarks if remark.code == "same-picture"]
    counts = {}
    for earlier, later in combinations(SETS, 2):
        said = [text for text in messages if f"data.{later} " in text and f" also in data.{earlier}, " in text]
        counts[earlier, later] = int(said[0].split()[0]) if said else 0
    return counts


@pytest.mark.parametrize("only", [("train", "validation", "test"), ("test",)], ids=["run", "evaluate"])
@pytest.mark.parametrize(
    "source", [folder, listed, idx, drawn, "mixed"], ids=lambda source: getattr(source, "__name__", source)
)
def test_every_source(tmp_path, source, only):
    made = dict(zip(SETS, [folder, idx, drawn], strict=True)) if source == "mixed" else dict.fromkeys(SETS, source)
    assert told(network(tmp_path, {role: made[role](tmp_path, role) for role in SETS}), only=only) == TOLD


def test_copies_that_a_share_parts(tmp_path):
    for index in range(12):
        for name in ("a", "b"):
            path = tmp_path / "all" / label(index) / f"{index}{name}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(PICTURES[index]).save(path)
    net = network(tmp_path, {"train": "{images: {folder: all}}", "test": "{share: 0.3}"})
    sets = load_sets(net.document.data, net.wanted, 0)
    train, test = ({key[2:-5] for key in one.keys} for one in (sets.train, sets.test))
    assert told(net)["train", "test"] == sum(key[2:-5] in train for key in sets.test.keys) > 0 and test & train


def test_letters_that_do_not_vary(tmp_path):
    sets = {"train": "{xo: {count: 20}}", "test": "{xo: {count: 10}}"}
    assert told(network(tmp_path, sets))["train", "test"] == 10
    varied = {role: source.replace("}}", ", noise: 0.1}}") for role, source in sets.items()}
    assert told(network(tmp_path, varied))["train", "test"] == 0


def test_a_test_needs_no_other_data(tmp_path):
    net = network(tmp_path, {role: folder(tmp_path, role) for role in SETS})
    (tmp_path / "train/X/train0.png").unlink()
    (tmp_path / "train").rename(tmp_path / "elsewhere")
    assert told(net, only=("test",)) == {**TOLD, ("train", "validation"): 0, ("train", "test"): 0}


def test_the_same_hash_is_not_yet_the_same_picture(monkeypatch):
    made = Dataset(PICTURES[..., None], np.arange(12) % 2)
    assert len(np.unique(hashes(made.pictures))) == 12
    monkeypatch.setattr("xonet.data._twins.hashes", lambda pictures: np.zeros(len(pictures), np.uint64))
    assert Twins({"train": made, "test": made.take(np.array([11]))}).group["test"].tolist() != [0]


def test_shares_that_leave_nothing_are_told_once(tmp_path):
    """What the rule about shares refuses is not read to be refused again."""
    sets = {"train": folder(tmp_path, "train"), "validation": "{share: 0.5}", "test": "{share: 0.5}"}
    write(tmp_path, sets)
    found = check(tmp_path / "net.yaml", sees_data=True)[1]
    assert [finding.code for finding in found if finding.severity == "error"] == ["share-too-large"]
