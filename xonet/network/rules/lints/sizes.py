"""A network that is far too large for its data, or for the memory of most machines."""

from __future__ import annotations

from collections.abc import Iterator

from xonet.diagnostics import Diagnostic, Note
from xonet.language.words import counted
from xonet.layers import LAYERS
from xonet.network.network import Network, count_parameters
from xonet.network.rules import Scope
from xonet.network.rules._knob_findings import warning
from xonet.network.rules._pictures import trained_on

NEEDS = ("input", "layers", "training")

PER_PICTURE = 100
"""Parameters a training picture from which a network is said to be large: LeNet-5 on MNIST has 1."""
SMALL = 10_000
"""Parameters of a network that is never said to be large."""
MOST = 4 * 2**30
"""Bytes from which memory is said to be much."""
FLOAT = 4
"""Bytes of a number."""


def find(network: Network, scope: Scope) -> Iterator[Diagnostic]:
    """Findings at the layer with the most parameters, and at the batch size or the largest layer."""
    training = network.document.training
    if training is None or training.epochs == 0 or network.trace.shape_errors:
        return
    pictures = trained_on(network, scope)
    if pictures and network.trained > max(SMALL, PER_PICTURE * pictures):
        largest = max(network.operations, key=count_parameters)
        yield warning(
            "more-parameters-than-pictures",
            f"the network learns {network.trained:,} numbers from {counted(pictures, 'picture')}, "
            "and will memorize them",
            largest.layer,
            notes=(Note(f"{LAYERS.word(largest.layer)} has the most: {count_parameters(largest):,}"),),
            help="use fewer features or units, pool before a dense layer, or train on more pictures",
        )
    one = network.shape.size + sum(operation.output.shape.size for operation in network.operations)
    copies = 2 + len(training.optimizer.state)
    values, kept = 2 * FLOAT * one * training.batch_size, FLOAT * copies * network.parameters
    if values + kept > MOST:
        largest = max(network.operations, key=lambda operation: operation.output.shape.size)
        at_batch = training.wrote("batch_size") and values > kept
        yield warning(
            "much-memory",
            f"training takes about {(values + kept) / 2**30:.1f} GiB: {values / 2**30:.1f} for values and their "
            f"gradients in a batch of {training.batch_size}, {kept / 2**30:.1f} for parameters",
            training if at_batch else largest.layer,
            "batch_size" if at_batch else "",
            help="use a smaller batch_size" if values > kept else "use fewer features or units",
        )
