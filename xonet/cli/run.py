"""`xonet run`: does what the file declares: trains and tests; or, without training, tests, or prints every output."""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace

from xonet.cli._arguments import add_file, open_network
from xonet.cli._results import add_engine, add_out, engine_options, runs_forward

HELP = "do what the file declares: train and test the network, evaluate it as it is, or print every layer's output"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file and how to run it."""
    add_file(parser)
    add_out(parser)
    add_engine(parser)
    parser.add_argument("--seed", metavar="N", help="a seed to use instead of the file's")
    parser.add_argument("--resume", action="store_true", help="continue the newest unfinished run of this network")
    parser.add_argument(
        "--overwrite",
        action="store_true",
        help="once this run is finished, replace the results of another one in runs/NAME or --out",
    )


def run(arguments: argparse.Namespace) -> int:
    """Train, or run forward."""
    began = time.perf_counter()
    from xonet.cli._findings import print_findings
    from xonet.diagnostics import InvalidNetwork
    from xonet.network.mean_file import find_mean_faults
    from xonet.network.rules.memory import find_here
    from xonet.network.weights_file import find_mismatches

    seed = [] if arguments.seed is None else [f"training.seed={arguments.seed}"]
    network = open_network(arguments.file, [*arguments.overrides, *seed], arguments.data_root)
    data = network.document.data
    if data is None or not network.brings_data:
        # a warning for `validate`, as Python can bring the data; here nothing can
        raise InvalidNetwork([replace(finding, severity="error") for finding in network.warnings])
    if too_large := [*find_here(network)]:
        raise InvalidNetwork(too_large)
    if network.warnings:
        print_findings(network.warnings, arguments, sys.stderr)
    unfit = [*(find_mismatches(network) if network.document.weights else ()), *find_mean_faults(network)]
    if unfit:
        raise InvalidNetwork(unfit)  # before any data is read
    if runs_forward(network):
        if data.pictures is None:
            from xonet.cli.evaluate import evaluate_model
            from xonet.model import Model

            return evaluate_model(Model(network, **engine_options(arguments)), None, arguments)
        from xonet.cli._forward import print_forward

        return print_forward(network)
    from xonet.cli._train import train

    return train(network, arguments, began)
