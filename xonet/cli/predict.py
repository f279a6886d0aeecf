"""`xonet predict`: what a trained network predicts for pictures."""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import TYPE_CHECKING, Any

from xonet.cli import FAILURE, FINE
from xonet.cli._arguments import add_file, add_json
from xonet.cli._results import add_engine, add_mirror, add_out, mirrors, say, trained
from xonet.language.words import counted

if TYPE_CHECKING:
    import numpy as np

    from xonet.model import Model

HELP = "predict what pictures show, with the trained weights"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file and the pictures."""
    add_file(parser)
    parser.add_argument(
        "pictures",
        metavar="PICTURE",
        nargs="+",
        help="PNG, JPEG, BMP, GIF, WebP, …; or a folder, for all pictures below it",
    )
    add_out(parser)
    add_engine(parser)
    add_mirror(parser)
    add_json(
        parser,
        "[{picture, class, scores: {class: probability}}], {picture, labels, scores} or {picture, values}; "
        "{picture, loss} of a network that gives its input back; {picture, error} for a broken one",
    )


def run(arguments: argparse.Namespace) -> int:
    """One line a picture; the status is 2 where one has no answer, and the others are answered all the same."""
    from xonet.cli._progress import Loading
    from xonet.cli._verdict import not_finite
    from xonet.data import DataError, Dataset
    from xonet.data._blank import blank_notes
    from xonet.data._reading import read_pictures

    left_out: list[str] = []
    paths = [path for name in arguments.pictures for path in _inside(name, left_out)]
    model = trained(arguments)
    network = model.network
    if not network.shape.is_picture or network.shape.channels not in (1, 3):
        raise DataError(
            f"{arguments.file}: expected a network for grey or colour pictures, but its input is {network.shape}"
        )
    if left_out:
        say([f"{counted(len(left_out), 'file')} without a picture's file extension, left out: {left_out[0]}"])
    with Loading():
        pictures, failures, changes = read_pictures(paths, network.wanted)
    answers: list[dict[str, Any]] = [{"picture": path} for path in paths]
    for index, error in failures:
        answers[index]["error"] = str(error)
    whole = [index for index, answer in enumerate(answers) if "error" not in answer]
    found = Dataset(pictures if not failures else pictures[whole], None, [paths[index] for index in whole])
    say([*changes.notes(len(whole)), *blank_notes(found)])
    if whole:
        scores = model.predict(found.pictures, mirror=mirrors(arguments, network, "predict"))
        for index, picture, row in zip(whole, found.pictures, scores, strict=True):
            if fault := not_finite(row[None]):
                answers[index]["error"] = f"{paths[index]}: {fault}"
            else:
                answers[index] = {"picture": paths[index], **_answer(model, picture, row)}
    if arguments.json:
        print(json.dumps(answers, indent=2))
    width = max(map(len, paths))
    for answer in answers:
        if "error" in answer:
            print(f"xonet: {answer['error']}", file=sys.stderr)
        elif not arguments.json:
            print(f"{answer['picture'].ljust(width)}  {_text(answer)}")
    return FAILURE if any("error" in answer for answer in answers) else FINE


def _inside(path: str, left_out: list[str]) -> list[str]:
    """The pictures that an argument stands for: itself, or every file below a folder that is named like a picture.

    Names of other files join those that are `left_out`.

    Raises:
        DataError: for a folder without one.
    """
    from xonet.data import DataError
    from xonet.data._paths import is_litter

    if not os.path.isdir(path):
        return [path]
    from PIL import Image

    known = Image.registered_extensions()
    found: list[str] = []
    for folder, _, names in os.walk(path):
        for name in names:
            if not is_litter(name):
                seen = not name.startswith(".") and os.path.splitext(name)[1].lower() in known
                (found if seen else left_out).append(os.path.join(folder, name))
    found.sort()
    if not found:
        raise DataError(f"{path}: expected a picture, or a folder with pictures, found a folder without any")
    return found


def _answer(model: Model, picture: np.ndarray, scores: np.ndarray) -> dict[str, Any]:
    """What `--json` prints for one picture."""
    network = model.network
    if network.is_own_target:
        return {"loss": round(model.mean_loss(scores[None], model.plan.targets(picture[None], None)[:]), 6)}
    found = model.probabilities(scores[None])[0]
    names = network.classes or network.score_names
    named = {name: round(float(score), 6) for name, score in zip(names, found, strict=True)}
    if network.classes:
        return {"class": network.classes[int(found.argmax())], "scores": named}
    if network.labels:
        return {"labels": [name for name, score in zip(names, found, strict=True) if score > 0.5], "scores": named}
    return {"values": named}


def _text(answer: dict[str, Any]) -> str:
    """The same for people: the class and the three best scores, the labels that hold and all scores, or all values."""
    if "loss" in answer:
        return f"loss {answer['loss']:.4g}"
    if "labels" in answer:
        every = ", ".join(f"{name} {100 * score:.1f} %" for name, score in answer["scores"].items())
        return f"{', '.join(answer['labels']) or 'none'}  ({every})"
    if "class" not in answer:
        return "  ".join(f"{name} {value:.4g}" for name, value in answer["values"].items())
    best = sorted(answer["scores"].items(), key=lambda pair: -pair[1])[:3]
    return f"{answer['class']}  ({', '.join(f'{name} {100 * score:.1f} %' for name, score in best)})"
