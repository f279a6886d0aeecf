"""The figures of `xonet bench`, for people."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from xonet.cli._tables import in_bytes, print_in_groups_only, print_table


def print_figures(found: dict[str, Any], color: str) -> None:
    """The machine in a line, the layers and the sums as tables, memory in a line."""
    from xonet.bench.machine import in_words

    print(in_words(found["machine"], found["versions"]))
    _print_layers(found, color)
    _print_sums(found, color)
    print_in_groups_only(found["layers"], found["latency"]["in_groups_only"])
    memory = found["memory"]
    measured = "not measured" if memory["measured_bytes"] is None else in_bytes(memory["measured_bytes"])
    predicted = in_bytes(memory["predicted_bytes"])
    print(f"memory of {memory['of']}: {measured} at most, without its data; predicted {predicted}")
    if disturbed := found["disturbed_turns"]:
        print(f"other processes disturbed {disturbed} of {found['turns']} turns: measure again to be certain")


def _print_layers(found: dict[str, Any], color: str) -> None:
    from rich.table import Table

    layers = found["layers"]
    sums = [sum(layer[way] or 0 for layer in layers) for way in ("forward_seconds", "backward_seconds")]
    products = sum(layer["multiply_adds"] for layer in layers)
    gflops = 2 * products / (sum(sums) or math.inf) / 1e9
    what = f"a training step of {found['batch_size']} pictures, {found['loss']}, {found['optimizer']}, on one thread"
    table = Table(title=f"{found['name']}: {what}", title_justify="left", show_footer=True)
    table.add_column("place", footer="sum")
    table.add_column("layer")
    table.add_column("forward µs", justify="right", footer=_microseconds(sums[0]))
    table.add_column("backward µs", justify="right", footer=_microseconds(sums[1]))
    table.add_column("share", justify="right", footer="100 %")
    table.add_column("GFLOP/s", justify="right", footer=f"{gflops:.1f}")
    table.add_column("of peak", justify="right", footer=f"{100 * gflops / found['machine']['peak_gflops']['1']:.0f} %")
    for layer in layers:
        table.add_row(
            layer["place"],
            layer["layer"],
            "fused" if layer["in_passing"] else _microseconds(layer["forward_seconds"]),
            _microseconds(layer["backward_seconds"]),
            f"{100 * layer['share']:.1f} %" if layer["share"] else "",
            "" if layer["gflops"] is None else f"{layer['gflops']:.1f}",
            "" if layer["of_peak"] is None else f"{100 * layer['of_peak']:.0f} %",
        )
    print_table(table, color)


def _print_sums(found: dict[str, Any], color: str) -> None:
    from rich.table import Table

    from xonet.bench.machine import in_threads

    table = Table(title=f"{found['name']}: overall, {in_threads(found['threads'])}", title_justify="left")
    table.add_column("")
    table.add_column("by")
    for heading in ("", "of peak", "its time / ours"):
        table.add_column(heading, justify="right")
    table.add_column("how")

    def rows(what: str, figures: dict[str, Any], value: Callable[[dict[str, Any]], str]) -> None:
        of_peak = f"{100 * figures['of_peak']:.0f} %" if "of_peak" in figures else ""
        table.add_row(what, "xonet", value(figures), of_peak)
        for peer, theirs in figures["against"].items():
            table.add_row("", peer, value(theirs), "", f"{theirs['ratio']:.2f}", theirs["way"])

    inference, latency = found["inference"], found["latency"]
    if found["training"]:
        rows("training, pictures/s", found["training"], _pictures)
    rows(f"inference of {inference['pictures']}, pictures/s", inference, _pictures)
    rows("one picture, µs: median, 99 %", latency, _times)
    print_table(table, color)


def _pictures(figures: dict[str, Any]) -> str:
    return f"{figures['pictures_per_second']:,.0f}"


def _times(figures: dict[str, Any]) -> str:
    return ", ".join(_microseconds(figures[name]) for name in ("median_seconds", "percentile_99_seconds"))


def _microseconds(seconds: float | None) -> str:
    return "" if seconds is None else f"{1e6 * seconds:,.1f}"
