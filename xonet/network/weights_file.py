"""The file that `weights:` names, held against the network."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from xonet.data import DataError
from xonet.data._paths import expect_file, resolved
from xonet.diagnostics import Diagnostic, InvalidNetwork, Note
from xonet.language.words import closest
from xonet.network.network import Network
from xonet.network.weights import Weights

if TYPE_CHECKING:
    from xonet.arrays import Arrays

KIND = "weights file"
NAMED = 4
"""Parameters that a finding names."""


def read_weights(network: Network) -> Arrays:
    """The arrays by name that a network's parameters begin with; none without `weights:`.

    Raises:
        InvalidNetwork: where the file does not fit.
    """
    weights = network.document.weights
    if weights is None:
        return {}
    if findings := [*find_mismatches(network)]:
        raise InvalidNetwork(findings)
    from xonet.arrays import read_any_arrays

    path = resolved(network.root, weights.file)
    try:
        arrays = read_any_arrays(path, KIND)
    except DataError as error:
        raise InvalidNetwork([_unreadable(weights, error)]) from None
    return {name: array for name, array in arrays.items() if not weights.skips(name)}


def find_mismatches(network: Network) -> Iterator[Diagnostic]:
    """What keeps the file from being what the network's parameters begin with, as far as its header tells."""
    from xonet.arrays import look_at_arrays

    weights = network.document.weights
    assert weights is not None, "the caller has looked"
    path = resolved(network.root, weights.file)
    try:
        expect_file(path, f"a {KIND}", "file")
        there, kind = look_at_arrays(path, KIND)
    except DataError as error:
        yield _unreadable(weights, error)
        return
    if kind == "checkpoint":
        model = Path(weights.file).with_name("model.safetensors")
        yield _finding(weights, f"{path} is a checkpoint, which holds more than weights", f"write {model}")
        return
    wanted = {
        operation.full_name(parameter): parameter.shape
        for operation in network.operations
        for parameter in operation.parameters
    }
    data, statistics = network.document.data, network.document.input.statistics
    measures = data is None or data.train is not None
    wanted |= {name: shape for name, shape in statistics.items() if name in there or not measures}
    yield from _unused_skips(weights, [*wanted, *there])
    here = {name: shape for name, shape in wanted.items() if not weights.skips(name)}
    there = {name: shape for name, shape in there.items() if not weights.skips(name)}
    if missing := [name for name in here if name not in there]:
        yield _finding(weights, f"{path} has no {_listed(missing)}", _skip(weights, missing, "begin as without a file"))
    if more := [name for name in there if name not in here]:
        yield _finding(
            weights, f"{path} has {_listed(more)}, which this network has not", _skip(weights, more, "leave out")
        )
    other = [name for name in here if name in there and here[name] != there[name]]
    if other:
        name, count = other[0], len(other) - 1
        and_more = f"; {count:,} more {'are' if count > 1 else 'is'} of another shape, too" if count else ""
        said = f"{path} has {name} as {_shape(there[name])}, and this network as {_shape(here[name])}{and_more}"
        yield _finding(weights, said, _skip(weights, other, "begin as without a file"))


def _unused_skips(weights: Weights, names: Sequence[str]) -> Iterator[Diagnostic]:
    for skipped in weights.skip:
        if not any(name == skipped or name.startswith(f"{skipped}.") for name in names):
            near = closest(skipped, sorted({name.rpartition(".")[0] for name in names} | set(names)))
            help = f"did you mean {near}?" if near else "remove it"
            yield _finding(weights, f"neither the file nor the network has {skipped}", help, "skip")


def _skip(weights: Weights, names: Sequence[str], why: str) -> str:
    """What to write so that some parameters are not taken."""
    layers = dict.fromkeys(name.rpartition(".")[0] or name for name in names)
    skipped = ", ".join([*weights.skip, *layers])
    if len(skipped) > 100:
        return "name another file; or list layers under skip"
    return f"to {why}, write weights: {{file: {weights.file}, skip: [{skipped}]}}"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED:,} more" * (len(names) > NAMED)
    return ", ".join(names[:NAMED]) + more


def _shape(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape)) if shape else "a single number" if math.prod(shape) else "nothing"


def _finding(weights: Weights, message: str, help: str, knob: str = "file") -> Diagnostic:
    return Diagnostic("weights-mismatch", message, weights.span(knob), help=help)


def _unreadable(weights: Weights, error: DataError) -> Diagnostic:
    notes = (Note(error.note),) if error.note else ()
    help = error.help or "name a safetensors file, such as the model.safetensors of a run"
    return Diagnostic(error.code or "bad-data", str(error), weights.span("file"), notes=notes, help=help)
