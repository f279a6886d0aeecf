"""`xonet evaluate`: evaluates the trained weights on the test data again."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from xonet.cli import FINDINGS, FINE
from xonet.cli._arguments import add_file, add_json
from xonet.cli._results import add_engine, add_mirror, add_out, mirrors, say, trained_run
from xonet.language.words import counted

if TYPE_CHECKING:
    import numpy as np

    from xonet.model import Model
    from xonet.training.runs import Run

HELP = "evaluate a trained network on its test data again"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file."""
    add_file(parser)
    add_out(parser)
    add_engine(parser)
    add_mirror(parser)
    add_json(
        parser,
        "{accuracy, loss, pictures, confusion, classes, right}; for labels, "
        "{label: {holds, told, right}} in place of the last three: how often, how often told, and the share told "
        "right; with metrics, each of them, and those of every class or label in of_each: {metric: {class: value}}",
    )


def run(arguments: argparse.Namespace) -> int:
    """Scores, and the confusion matrix."""
    return evaluate_model(*trained_run(arguments), arguments, as_json=arguments.json)


def evaluate_model(model: Model, made: Run | None, arguments: argparse.Namespace, *, as_json: bool = False) -> int:
    """Measure a model, that the run `made` has trained, on its test data, and print what was found."""
    from xonet.cli._findings import print_findings
    from xonet.cli._progress import Loading
    from xonet.cli._progress import scores as score_text
    from xonet.cli._verdict import missed, not_finite
    from xonet.data import DataError
    from xonet.data._sets import load_sets
    from xonet.training.metrics import evaluate
    from xonet.training.runs import Run, data_changes, seen

    network, data = model.network, model.network.document.data
    if data is None or data.test is None:
        raise DataError(f"{arguments.file}: data.test is needed for evaluation, but it is missing")
    training = network.document.training
    with Loading():
        sets = load_sets(data, network.wanted, training.seed if training else 0, only=("test",))
    say(sets.notes)
    if made:
        now = replace(Run.of(network), data=seen(sets))
        say(f"{name} data: {text}" for name, text in data_changes(made, now))
    test = sets.test
    assert test is not None, "load_sets has looked"
    classes = list(network.classes)
    measured = evaluate(
        model, model.dataset(test), len(classes), bool(network.labels), network.test_metrics,
        mirror=mirrors(arguments, network, "evaluate", "test"),
    )  # fmt: skip
    if fault := not_finite(measured.losses):
        raise DataError(f"{arguments.file}: {fault}")
    found: dict[str, Any] = measured.row
    table = measured.confusion if classes else None
    names = classes or list(network.labels)
    of_each = {name: dict(zip(names, each, strict=False)) for name, each in measured.of_each.items()}
    told = {
        name: _told(len(test), *each) for name, each in zip(network.labels, measured.decisions.counts, strict=False)
    }
    if as_json:
        extra = {"confusion": table.tolist(), "classes": classes, "right": _right(table)} if table is not None else {}
        extra |= {"labels": told} if told else {}
        extra |= {"of_each": of_each} if of_each else {}
        print(json.dumps({**found, "pictures": len(test), **extra}, indent=2))
    else:
        print(f"test: {score_text(found)}  on {counted(len(test), 'picture')}")
        if table is not None:
            _print_confusion(table, classes)
        if told:
            heads = ["label", "holds", "told", "right"]
            cells = [
                [f"{each['holds']:,}", f"{each['told']:,}", f"{100 * each['right']:.1f} %"] for each in told.values()
            ]
            _print_rows(heads, [[name, *row] for name, row in zip(told, cells, strict=True)])
        if of_each:
            _print_of_each(of_each, names)
    findings = missed(network, found)
    if findings:
        print_findings(findings, arguments, sys.stderr)
    return FINDINGS if findings else FINE


def _right(table: np.ndarray) -> list[float | None]:
    """The share of each class's pictures that is told right; None of a class without pictures."""
    return [
        float(right / count) if count else None for right, count in zip(table.diagonal(), table.sum(1), strict=True)
    ]


def _told(pictures: int, both: int, holds: int, told: int) -> dict[str, Any]:
    """Of one label: how many pictures it holds for, how many it is told of, and the share that is told right."""
    return {"holds": holds, "told": told, "right": (pictures - holds - told + 2 * both) / pictures}


def _print_confusion(table: np.ndarray, classes: list[str]) -> None:
    """Rows: what the pictures show; columns: what the network predicts."""
    print("confusion matrix (rows: true class, columns: predicted class):")
    shares = [
        f"{100 * right / count:.1f} %" if count else "–"  # of a class without test pictures nothing is known
        for right, count in zip(table.diagonal(), table.sum(1), strict=True)
    ]
    body = [[str(count) if count else "·" for count in row] for row in table]
    _print_rows(
        ["", *classes, "right"], [[name, *row, share] for name, row, share in zip(classes, body, shares, strict=True)]
    )


def _print_of_each(of_each: dict[str, dict[str, float | None]], names: list[str]) -> None:
    """Metrics of each class or label."""
    print("each by itself:")
    body = [
        [name, *("–" if (value := metric[name]) is None else f"{value:.4f}" for metric in of_each.values())]
        for name in names
    ]
    _print_rows(["", *of_each], body)


def _print_rows(heads: list[str], body: list[list[str]]) -> None:
    """A table: names at the left, numbers at the right."""
    rows = [heads, *body]
    first = max(len(name) for name, *_ in rows)
    widths = [max(map(len, column)) for column in list(zip(*rows, strict=True))[1:]]
    for name, *cells in rows:
        print("  ".join([name.ljust(first), *(cell.rjust(width) for cell, width in zip(cells, widths, strict=True))]))
