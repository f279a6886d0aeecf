"""A sound network file with data of its own, drawn at random: every source, output, loss, optimizer and schedule."""

from __future__ import annotations

import gzip
import struct
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from tests.differential.draw import ending_in, member
from tests.members import own_tests
from xonet.data import SOURCES
from xonet.data.augment import AUGMENTATIONS
from xonet.initializers import INITIALIZERS
from xonet.language.shapes import Shape
from xonet.losses import LOSSES
from xonet.optimizers import OPTIMIZERS
from xonet.schedules import SCHEDULES

CLASSES = (["X", "O"], ["X", "O"], ["O", "X"], ["a", "b", "c"], ["é", "ß", "Ω"], ["1", "2"], ["class one", "no. 2"])
SUFFIXES = ("png", "png", "png", "jpg", "bmp", "gif", "tif", "webp", "ppm")
COUNT = 16
"""How many pictures a set has, at most,"""
MANY = 120_000
"""but for some of the smallest: so many that `validate` neither reads nor counts them one by one."""


@dataclass
class Case:
    """A folder with a network file and its data."""

    folder: Path
    rng: np.random.Generator
    document: dict[str, Any] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    """What was broken on purpose."""
    sets: int = 0

    def chance(self, share: float) -> bool:
        """True that often."""
        return bool(self.rng.random() < share)

    def one(self, among: Any) -> Any:
        """One of several."""
        return among[int(self.rng.integers(len(among)))]

    def place(self) -> Path:
        """A folder for the files of one more set."""
        self.sets += 1
        path = self.folder / f"data{self.sets}"
        path.mkdir()
        return path

    def files(self) -> list[Path]:
        """The files of the data."""
        return sorted(path for path in self.folder.rglob("*") if path.is_file())


@dataclass
class Set:
    """What one set is to hold."""

    shape: Shape
    classes: list[str]
    labelled: bool
    count: int


def draw(folder: Path, rng: np.random.Generator) -> Case:
    """A document and its files; the document is not written yet."""
    case = Case(folder, rng)
    classes = list(case.one(CLASSES))
    values = 0 if case.chance(0.93) else int(rng.integers(1, 4))
    shape = Shape((*(int(case.one((1, 2, 3, 5, 7, 9, 9, 12))) for _ in range(2)), int(case.one((1, 1, 3)))))
    if case.chance(0.02):
        shape = Shape((int(rng.integers(1, 9)),))
    document: dict[str, Any] = {"xonet": 1}
    if case.chance(0.3):
        document["name"] = case.one(("net", "a.b", "_x-1", "9"))
    document["input"] = _input(case, shape)
    document["layers"] = _initialized(case, ending_in(rng, shape, values or len(classes)))
    if values:
        document["output"] = {"values": values if case.chance(0.5) else [f"v{number}" for number in range(values)]}
        classes = []
    else:
        document["output"] = {"classes": classes}
    trains = case.chance(0.15 if values else 0.9)
    data = _data(case, shape, classes, trains)
    if data:
        document["data"] = data
    if trains:
        document["training"] = _training(case, "validation" in data)
    if case.chance(0.3):
        document["expect"] = _expect(case, trains and "test" in data)
    case.document = document
    return case


def _input(case: Case, shape: Shape) -> dict[str, Any]:
    if not shape.is_picture:
        return {"features": shape.size}
    given: dict[str, Any] = {"height": shape[0], "width": shape[1]}
    if shape.channels > 1 or case.chance(0.2):
        given["channels"] = shape.channels
    if case.chance(0.3):
        given["range"] = case.one(([-1, 1], [0, 255], [1, 0], [-0.5, 0.5]))
    if case.chance(0.3):
        given["invert"] = case.chance(0.5)
    if case.chance(0.2):
        given["mean"] = 0.5 if case.chance(0.5) else [0.5] * shape.channels
        given["std"] = 0.25 if case.chance(0.5) else [0.25] * shape.channels
    return given


def _initialized(case: Case, layers: list[Any]) -> list[Any]:
    """The layers, some with an initializer or literal weights."""
    last = layers[-1]["dense"]
    if case.chance(0.2):
        last["init"] = member(case.rng, INITIALIZERS, case.one(list(INITIALIZERS.members)))
    elif case.chance(0.1):
        last["bias"] = [0.5] * last["units"]
    return layers


def _data(case: Case, shape: Shape, classes: list[str], trains: bool) -> dict[str, Any]:
    """The section `data`."""
    data: dict[str, Any] = {}
    if trains:
        count = MANY if shape.size < 4 and case.chance(0.1) else int(case.rng.integers(1, COUNT))
        data["train"] = source(case, Set(shape, classes, True, count), few=count < MANY)
        for role in ("validation", "test"):
            if case.chance(0.35):
                data[role] = {"share": round(float(case.rng.uniform(0.15, 0.45)), 2)}
            elif case.chance(0.5):
                data[role] = source(case, Set(shape, classes, True, int(case.rng.integers(2, 8))))
        if case.chance(0.3):
            data["augment"] = [member(case.rng, AUGMENTATIONS, case.one(list(AUGMENTATIONS.members)))]
    if (not trains and case.chance(0.95)) or case.chance(0.1):
        data["pictures"] = source(case, Set(shape, classes, bool(classes) and case.chance(0.5), 3))
    return data


def _training(case: Case, validated: bool) -> dict[str, Any]:
    watched = ("loss", "accuracy", *(("validation_loss", "validation_accuracy") if validated else ()))
    given = {
        "loss": member(case.rng, LOSSES, case.one(list(LOSSES.members))),
        "optimizer": member(case.rng, OPTIMIZERS, case.one(list(OPTIMIZERS.members))),
        "epochs": case.one((1, 1, 0.5, 1.5, 2, 0)),
    }
    if case.chance(0.5):
        given["schedule"] = member(case.rng, SCHEDULES, case.one(list(SCHEDULES.members)))
        if "plateau" in given["schedule"]:
            given["schedule"]["plateau"]["monitor"] = case.one(watched)
    if case.chance(0.5):
        given["batch_size"] = int(case.one((1, 2, 3, 16, 17, 64)))
    if case.chance(0.4):
        given["seed"] = int(case.rng.integers(0, 100))
    if case.chance(0.3):
        given["early_stopping"] = {"monitor": case.one(watched), "patience": case.one((0, 1, 5))}
    return given


def _expect(case: Case, measured: bool) -> dict[str, Any]:
    given: dict[str, Any] = {}
    if case.chance(0.5):
        given["parameters"] = {"max": case.one((10**9, 10**9, 10))}
    if case.chance(0.5):
        given["macs"] = {"max": case.one((10**9, 10**9, 10))}
    if measured or case.chance(0.05):
        given["accuracy"] = {"min": case.one((0, 0.5, 1))}
        given["loss"] = {"max": case.one((1e9, 1.0))}
    return given


def source(case: Case, wanted: Set, *, few: bool = True) -> dict[str, Any]:
    """A source, with its files: as written below, or as `drawn` in the source's own tests says."""
    words = [word for word in SOURCES.members if word != "share" and (few or word in ("xo", "idx"))]
    word = case.one([word for word in words if word != "xo" or sorted(wanted.classes) == ["O", "X"]])
    own = {"xo": _xo, "ascii": _ascii, "images": _images, "idx": _idx}
    made = own[word] if word in own else own_tests(SOURCES, word).drawn
    return {word: made(case, wanted)}


def _xo(case: Case, wanted: Set) -> dict[str, Any]:
    given: dict[str, Any] = {"count": wanted.count}
    for knob, value in (("seed", 3), ("shift", 1), ("rotate", 20), ("noise", 0.2), ("balance", 0.3)):
        if case.chance(0.3):
            given[knob] = value
    if case.chance(0.2):
        given["scale"] = [0.7, 1.2]
    return given


def _ascii(case: Case, wanted: Set) -> list[dict[str, str]]:
    if not wanted.shape.is_picture:
        return [{"pixels": "#\n"}]
    drawings = []
    for number in range(wanted.count):
        ink = case.rng.random(wanted.shape[:2]) < 0.5
        drawing = {"pixels": "".join("".join("#" if pixel else "." for pixel in row) + "\n" for row in ink)}
        if wanted.labelled and wanted.classes:
            drawing["label"] = wanted.classes[number % len(wanted.classes)]
        drawings.append(drawing)
    return drawings


def _idx(case: Case, wanted: Set) -> dict[str, Any]:
    place, (height, width) = case.place(), (*wanted.shape[:2], 1)[:2]
    if case.chance(0.2) and wanted.count < MANY:
        height, width = 4, 6
    pictures = case.rng.integers(0, 256, (wanted.count, height, width), np.uint8)
    labels = np.arange(wanted.count) % max(1, len(wanted.classes))
    given = {"images": _write_idx(case, place / "pictures-idx3-ubyte", pictures)}
    if wanted.labelled and wanted.classes:
        given["labels"] = _write_idx(case, place / "labels-idx1-ubyte", labels.astype(np.uint8))
    return given


def _write_idx(case: Case, path: Path, values: np.ndarray) -> str:
    raw = bytes((0, 0, 8, values.ndim)) + struct.pack(f">{values.ndim}I", *values.shape) + values.tobytes()
    if case.chance(0.4):
        path, raw = path.with_suffix(".gz"), gzip.compress(raw)
    path.write_bytes(raw)
    return path.relative_to(case.folder).as_posix()


def _images(case: Case, wanted: Set) -> dict[str, str]:
    place = case.place()
    if case.chance(0.5):
        return _folder(case, wanted, place)
    lines = [["path", "label"][: 1 + bool(wanted.classes)]] if case.chance(0.5) else []
    for number in range(wanted.count):
        path = f"{number}.{case.one(SUFFIXES)}"
        picture(case, wanted.shape, place / path)
        label = wanted.classes[number % len(wanted.classes)] if wanted.classes else ""
        lines.append([path, label][: 1 + bool(wanted.classes)])
    name = case.one(("list.csv", "liste é.csv", "names"))
    (place / name).write_text("".join(",".join(line) + "\n" for line in lines))
    return {"list": f"{place.name}/{name}"}


def _folder(case: Case, wanted: Set, place: Path) -> dict[str, str]:
    """A folder, its classes' names in either Unicode form."""
    for number in range(max(wanted.count, len(wanted.classes))):
        inner = place
        if wanted.classes:
            name = wanted.classes[number % len(wanted.classes)]
            inner /= unicodedata.normalize(case.one(("NFC", "NFD")), name)
            inner.mkdir(exist_ok=True)
        picture(case, wanted.shape, inner / f"{number}.{case.one(SUFFIXES)}")
    return {"folder": place.name if case.chance(0.8) else f"./{place.name}/"}


def picture(case: Case, shape: Shape, path: Path) -> None:
    """A picture file, mostly of the network's size."""
    height, width = (*shape[:2], 1)[:2] if case.chance(0.8) else (4, 6)
    channels = case.one((1, 3))
    pixels = case.rng.integers(0, 256, (height, width, channels), np.uint8)
    Image.fromarray(pixels[..., 0] if channels == 1 else pixels).save(path)
