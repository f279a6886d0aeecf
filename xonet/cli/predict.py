"""`xonet predict`: what a trained network says of pictures."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from xonet.cli import FINE
from xonet.cli._arguments import add_file
from xonet.cli._results import add_engine, add_out, trained

HELP = "say what pictures show, with the trained weights"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file and the pictures."""
    add_file(parser)
    parser.add_argument("pictures", metavar="PICTURE", nargs="+", help="PNG, JPEG, BMP, GIF, WebP, …")
    add_out(parser)
    add_engine(parser)
    parser.add_argument("--json", action="store_true", help="print [{picture, class, scores: {class: probability}}]")


def run(arguments: argparse.Namespace) -> int:
    """One line a picture."""
    import numpy as np

    from xonet.data import DataError
    from xonet.data._prepare import Changes, picture

    model, remarks = trained(arguments)
    network = model.network
    if not network.shape.is_picture:
        raise DataError(f"{arguments.file}: its input is a row of {network.shape} numbers, not a picture")
    changes = Changes()
    pictures = np.stack([picture(path, network.wanted, changes) for path in arguments.pictures])
    for remark in [*remarks, *changes.notes(len(pictures))]:
        print(f"note: {remark}", file=sys.stderr)
    scores = model.probabilities(model.predict(pictures))
    names = list(network.classes) or _value_names(network, scores.shape[1])
    found = [
        _said(path, row, names, bool(network.classes)) for path, row in zip(arguments.pictures, scores, strict=True)
    ]
    if arguments.json:
        print(json.dumps(found, indent=2))
    else:
        width = max(map(len, arguments.pictures))
        for said in found:
            print(f"{said['picture'].ljust(width)}  {_text(said)}")
    return FINE


def _value_names(network: Any, count: int) -> list[str]:
    output = network.document.output
    values = getattr(output, "values", None)
    return list(values) if isinstance(values, tuple | list) else [str(number) for number in range(count)]


def _said(path: str, row: Any, names: list[str], classes: bool) -> dict[str, Any]:
    scores = {name: round(float(score), 6) for name, score in zip(names, row, strict=True)}
    if classes:
        return {"picture": path, "class": names[int(row.argmax())], "scores": scores}
    return {"picture": path, "values": scores}


def _text(said: dict[str, Any]) -> str:
    if "class" not in said:
        return "  ".join(f"{name} {value:.4g}" for name, value in said["values"].items())
    best = sorted(said["scores"].items(), key=lambda pair: -pair[1])[:3]
    return f"{said['class']}  ({', '.join(f'{name} {_share(score)}' for name, score in best)})"


def _share(score: float) -> str:
    return f"{100 * score:.1f} %"
