"""`xonet predict`: what a trained network says of pictures."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from xonet.cli import FINE
from xonet.cli._arguments import add_file
from xonet.cli._results import add_engine, add_out, say, trained

if TYPE_CHECKING:
    import numpy as np

    from xonet.network import Network

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

    model = trained(arguments)
    network = model.network
    if not network.shape.is_picture or network.shape.channels not in (1, 3):
        raise DataError(
            f"{arguments.file}: expected a network of grey or colour pictures, its input is {network.shape}"
        )
    changes = Changes()
    pictures = np.stack([picture(path, network.wanted, changes) for path in arguments.pictures])
    say(changes.notes(len(pictures)))
    scores = model.probabilities(model.predict(pictures))
    answers = [_answer(path, row, network) for path, row in zip(arguments.pictures, scores, strict=True)]
    if arguments.json:
        print(json.dumps(answers, indent=2))
    else:
        width = max(map(len, arguments.pictures))
        for answer in answers:
            print(f"{answer['picture'].ljust(width)}  {_text(answer)}")
    return FINE


def _answer(path: str, scores: np.ndarray, network: Network) -> dict[str, Any]:
    """What `--json` prints for one picture."""
    named = {name: round(float(score), 6) for name, score in zip(network.score_names, scores, strict=True)}
    if network.classes:
        return {"picture": path, "class": network.classes[int(scores.argmax())], "scores": named}
    return {"picture": path, "values": named}


def _text(answer: dict[str, Any]) -> str:
    """The same for people: the class and the three best scores, or all values."""
    if "class" not in answer:
        return "  ".join(f"{name} {value:.4g}" for name, value in answer["values"].items())
    best = sorted(answer["scores"].items(), key=lambda pair: -pair[1])[:3]
    return f"{answer['class']}  ({', '.join(f'{name} {100 * score:.1f} %' for name, score in best)})"
