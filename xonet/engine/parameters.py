"""How a network's parameters begin: literal numbers, constants, or drawn for their own names."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import DTypeLike

from xonet.layers._defaults import default_initializer
from xonet.layers._graph import Operation, Parameter


def initial_parameters(
    operations: Sequence[Operation], seed: int, dtype: DTypeLike = np.float32
) -> dict[str, np.ndarray]:
    """Every parameter by its full name, in the operations' order.

    What is drawn depends on the seed and the parameter's name only: another layer elsewhere changes nothing here.
    """
    with np.errstate(over="ignore"):  # a number drawn too large is infinite, and the first loss says so
        return {
            operation.full_name(parameter): _begin(parameter, operation, operations, seed).astype(dtype)
            for operation in operations
            for parameter in operation.parameters
        }


def _begin(parameter: Parameter, operation: Operation, operations: Sequence[Operation], seed: int) -> np.ndarray:
    if parameter.literal is not None:
        literal = np.asarray(parameter.literal, np.float64)
        # Lengths of 1 may be left out in the file, so the numbers count and not their nesting; one number fills all.
        return literal.reshape(parameter.shape) if literal.ndim else np.full(parameter.shape, literal)
    if parameter.constant is not None:
        return np.full(parameter.shape, parameter.constant)
    initializer = parameter.init or default_initializer(operation, operations)
    rng = _generator(seed, operation.full_name(parameter))
    return initializer.draw(rng, parameter.shape, parameter.fan_in, parameter.fan_out)


def _generator(seed: int, name: str) -> np.random.Generator:
    """A generator of its own for each seed and name."""
    digest = hashlib.blake2b(f"{seed}:{name}".encode(), digest_size=16).digest()
    return np.random.Generator(np.random.Philox(key=int.from_bytes(digest, "little")))
