"""`xonet summary`: what a network is made of, layer by layer."""

from __future__ import annotations

import argparse
import json
from typing import Any

from xonet.cli._arguments import add_file, add_json, load_network
from xonet.cli._tables import in_bytes, print_in_groups_only, print_table

HELP = "show a network's layers: output shape, parameters, multiply-adds, memory, receptive field"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file, and `--json`."""
    add_file(parser)
    add_json(parser, "{layers, parameters, learned, kept, macs, flops, ...}")


def run(arguments: argparse.Namespace) -> int:
    """Print the table, or the object."""
    network = load_network(arguments)
    found = describe(network)
    if arguments.json:
        print(json.dumps(found, indent=2))
    else:
        _print_table(network.name, str(network.shape), found, color=arguments.color)
    return 0


def describe(network: Any) -> dict[str, Any]:
    """A network's layers and sums as plain data.

    `parameters` are those that are `learned` and those that are `kept`: running statistics, and frozen weights. `flops`
    are two for each multiply-add, as PyTorch's FlopCounterMode counts them. `memory_bytes` counts one picture's values,
    from the input to the last layer's output, and the parameters; `peak_bytes` is what a process takes at most that
    trains the network, or runs it, its data aside. `in_groups_only` are the places of layers because of which one
    picture takes as long as sixteen.
    """
    from xonet.engine.prediction import peak_bytes
    from xonet.engine.single import in_groups_only
    from xonet.layers import LAYERS
    from xonet.network.costs import FLOPS_A_MAC, memory_bytes, operation_bytes, seen
    from xonet.network.network import count_learned, count_macs, count_parameters

    layers = [
        {
            "place": operation.path,
            "layer": LAYERS.word(operation.layer),
            "output_shape": list(operation.output.shape),
            "parameters": count_parameters(operation),
            "learned": count_learned(operation),
            "kept": count_parameters(operation) - count_learned(operation),
            "macs": count_macs(operation),
            "memory_bytes": operation_bytes(operation),
            "receptive_field": list(seen(operation, network.shape)),
        }
        for operation in network.operations
    ]
    return {
        "layers": layers,
        "parameters": network.parameters,
        "learned": network.trained,
        "kept": network.parameters - network.trained,
        "macs": network.macs,
        "flops": FLOPS_A_MAC * network.macs,
        "memory_bytes": memory_bytes(network),
        "peak_bytes": peak_bytes(network),
        "in_groups_only": [operation.path for operation in in_groups_only(network.operations)],
    }


def _print_table(name: str, shape: str, found: dict[str, Any], *, color: str) -> None:
    from rich.table import Table

    table = Table(title=f"{name}: from {shape}", title_justify="left", show_footer=True)
    table.add_column("place", footer="sum")
    table.add_column("layer")
    table.add_column("output")
    table.add_column("parameters", justify="right", footer=f"{found['parameters']:,}")
    table.add_column("multiply-adds", justify="right", footer=f"{found['macs']:,}")
    table.add_column("memory", justify="right", footer=in_bytes(found["memory_bytes"]))
    table.add_column("sees", justify="right")
    for layer in found["layers"]:
        table.add_row(
            layer["place"],
            layer["layer"],
            " × ".join(map(str, layer["output_shape"])),
            f"{layer['parameters']:,}",
            f"{layer['macs']:,}",
            in_bytes(layer["memory_bytes"]),
            " × ".join(map(str, layer["receptive_field"])),
        )
    print_table(table, color)
    kept = f", {found['kept']:,} kept (running statistics, frozen weights)" if found["kept"] else ""
    print(f"parameters: {found['learned']:,} learned{kept}; {found['flops']:,} FLOPs a picture, two a multiply-add")
    print(f"a run needs at most {in_bytes(found['peak_bytes'])}, without its data")
    print_in_groups_only(found["layers"], found["in_groups_only"])
