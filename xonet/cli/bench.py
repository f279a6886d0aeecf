"""`xonet bench`: how fast a network is here, layer by layer, overall, and compared with other frameworks."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from xonet.bench.peers._names import PEERS
from xonet.cli import FAILURE, FINE
from xonet.cli._arguments import add_file, add_json, load_network
from xonet.cli._results import add_threads

HELP = "measure a network's speed: layer by layer, training, inference, latency, memory"
ROUNDS, TURN_SECONDS, QUIET_WAIT_SECONDS = 5, 0.2, 3.0
"""How often each side has its turn, how many seconds a turn takes, and how long to wait for a quiet moment, in all."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file, and what to compare with."""
    add_file(parser)
    add_threads(parser, "how many threads for each side (default: one per processor)")
    parser.add_argument(
        "--against",
        choices=PEERS,
        action="append",
        default=[],
        help="measure the same network there too, in alternating turns; may be repeated",
    )
    add_json(
        parser,
        "{name, machine, versions, threads, batch_size, loss, optimizer, layers, training, inference, latency, memory, "
        "turns, disturbed_turns}",
    )


def run(arguments: argparse.Namespace) -> int:
    """Measure, and print tables, or the object."""
    from xonet.bench.contest import Effort
    from xonet.bench.measure import measure
    from xonet.bench.peers._peer import Unable
    from xonet.cli import _memory
    from xonet.cli._bench_tables import print_figures
    from xonet.cli._progress import Doing, announcer
    from xonet.engine.runner import default_threads

    network = load_network(arguments)
    if arguments.against:
        _memory.leave_to_others()
    effort = Effort(ROUNDS, TURN_SECONDS, QUIET_WAIT_SECONDS, arguments.threads or default_threads())
    try:
        with Doing() as doing:
            found: dict[str, Any] = measure(network, arguments.against, effort, doing.tell, announcer())
    except (Unable, ArithmeticError) as error:
        print(f"xonet: {error}", file=sys.stderr)
        return FAILURE
    if arguments.json:
        print(json.dumps(found, indent=2))
    else:
        print_figures(found, arguments.color)
    return FINE
