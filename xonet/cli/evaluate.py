"""`xonet evaluate`: the test data again, with the trained weights."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from xonet.cli import FINDINGS, FINE
from xonet.cli._arguments import add_file
from xonet.cli._results import add_engine, add_out, trained

HELP = "measure a trained network on its test data again"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file."""
    add_file(parser)
    add_out(parser)
    add_engine(parser)
    parser.add_argument("--json", action="store_true", help="print {accuracy, loss, pictures, confusion}")


def run(arguments: argparse.Namespace) -> int:
    """Scores, and which classes are taken for which."""
    from xonet.cli._findings import print_findings
    from xonet.cli._progress import scores as score_text
    from xonet.cli._verdict import missed
    from xonet.data import DataError
    from xonet.data._sets import load_sets
    from xonet.training.metrics import confusion, measure

    model, remarks = trained(arguments)
    network = model.network
    for remark in remarks:
        print(f"note: {remark}", file=sys.stderr)
    data = network.document.data
    if data is None or data.test is None:
        raise DataError(f"{arguments.file}: it has no data.test to measure on")
    training = network.document.training
    test = load_sets(data, network.wanted, training.seed if training else 0, only=("test",)).test
    if test is None or test.targets is None:
        raise DataError(f"{arguments.file}: its test pictures have no labels to measure against")
    scores = model.predict(test.pictures)
    found: dict[str, Any] = measure(model.loss, scores, test.targets)
    classes = list(network.classes)
    table = confusion(scores, test.targets, len(classes)) if classes else None
    if arguments.json:
        extra = {"confusion": table.tolist(), "classes": classes} if table is not None else {}
        print(json.dumps({**found, "pictures": len(test), **extra}, indent=2))
    else:
        print(f"test: {score_text(found)}  on {len(test):,} pictures")
        if table is not None:
            _print_confusion(table, classes)
    findings = missed(network, found)
    if findings:
        print_findings(findings, arguments, sys.stderr)
    return FINDINGS if findings else FINE


def _print_confusion(table: Any, classes: list[str]) -> None:
    """Rows: what the pictures show; columns: what the network says."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    drawn = Table(box=box.SIMPLE_HEAD)
    drawn.add_column("")
    for name in classes:
        drawn.add_column(name, justify="right")
    drawn.add_column("right", justify="right")
    for name, row, right in zip(classes, table, table.diagonal(), strict=True):
        share = f"{100 * right / max(1, row.sum()):.1f} %"
        drawn.add_row(name, *[str(count) if count else "·" for count in row], share)
    print("what pictures show (rows), and what they are taken for (columns):")
    Console().print(drawn)
