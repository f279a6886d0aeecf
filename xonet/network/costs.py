"""What a network costs and how far it sees, in single numbers."""

from __future__ import annotations

from xonet.language.shapes import Shape
from xonet.layers._graph import Operation
from xonet.network.network import Network, count_parameters

BYTES = 4
"""Of one value, a float32."""
FLOPS_A_MAC = 2
"""A multiplication and an addition."""
LANES = 16
"""Pictures that travel together: memory for as many is taken, however few there are."""


def memory_bytes(network: Network) -> int:
    """Bytes of one picture's values, from the input to the last layer's output, and of the parameters."""
    return BYTES * network.shape.size + sum(map(operation_bytes, network.operations))


def operation_bytes(operation: Operation) -> int:
    """Bytes of one picture's output of an operation, and of its parameters."""
    return BYTES * (operation.output.shape.size + count_parameters(operation))


def seen(operation: Operation, shape: Shape) -> tuple[int, int]:
    """Rows and columns of the input, which is of `shape`, that one value sees.

    A window over the padding sees no more than there is.
    """
    rows, columns = operation.output.receptive_field
    return (min(rows, shape[0]), min(columns, shape[1])) if shape.is_picture else (rows, columns)


def picture_seen(network: Network) -> tuple[int, int] | None:
    """What one value of the last picture in the network sees, before a dense layer looks at everything.

    None where the input is no picture.
    """
    if not network.shape.is_picture:
        return None
    pictures = [operation for operation in network.operations if operation.output.shape.is_picture]
    return seen(pictures[-1], network.shape) if pictures else (1, 1)
