"""Arguments that several verbs take."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xonet.network import Network


def add_file(parser: argparse.ArgumentParser) -> None:
    """The network file, `--set` and `--data-root`."""
    parser.add_argument("file", metavar="FILE", help="the network file, or a model file; - reads standard input")
    add_set(parser)
    parser.add_argument(
        "--data-root", metavar="DIR", help="the folder that paths in the file are relative to (default: the file's own)"
    )


def load_network(arguments: argparse.Namespace) -> Network:
    """The network of FILE, with what `add_file` takes."""
    return open_network(arguments.file, arguments.overrides, arguments.data_root)


def open_network(path: str, overrides: Sequence[str] = (), data_root: str | None = None) -> Network:
    """The network that a network file declares, or that a model file was saved with.

    Raises:
        InvalidNetwork: where it has errors.
        DataError: where the model file is broken.
        OSError: where the file cannot be read.
    """
    from xonet.network import load

    if not path.endswith(".safetensors"):
        return load(path, overrides, data_root)
    from xonet.training.saving import load_network as saved

    return saved(path, overrides, data_root)


def add_set(parser: argparse.ArgumentParser) -> None:
    """`--set`, any number of times."""
    parser.add_argument(
        "--set",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        dest="overrides",
        help="replace a value in the file: training.epochs=3, knobs.features=16, layers.0.conv2d.features=8",
    )


def add_json(parser: argparse.ArgumentParser, what: str) -> None:
    """`--output-format`, and `--json` as its short form; `arguments.json` is whether it is to be JSON."""
    parser.add_argument(
        "--output-format", choices=("text", "json"), default="text", action=_Output, help="output format"
    )
    parser.add_argument("--json", action="store_true", help=f"print {what}: short for --output-format json")


class _Output(argparse.Action):
    """Sets `json`."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, option: str | None = None
    ) -> None:
        namespace.json = values == "json"
