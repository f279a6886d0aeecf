"""How a network's parameters begin: literal numbers, constants, or drawn for their own names."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from xonet.language.words import closest
from xonet.layers._defaults import default_initializer
from xonet.layers._graph import Operation
from xonet.layers._parameter import Parameter
from xonet.program.layout import Layout


def initial_parameters(
    operations: Sequence[Operation], seed: int, dtype: DTypeLike = np.float32
) -> dict[str, np.ndarray]:
    """Every parameter by its full name, in the operations' order.

    What is drawn depends on the seed and the parameter's name only: another layer elsewhere changes nothing here.
    """
    with np.errstate(over="ignore"):  # a number drawn too large is infinite, and the first loss says so
        return {
            operation.full_name(parameter): _begin(parameter, operation, seed).astype(dtype)
            for operation in operations
            for parameter in operation.parameters
        }


def _begin(parameter: Parameter, operation: Operation, seed: int) -> np.ndarray:
    if parameter.literal is not None:
        literal = np.asarray(parameter.literal, np.float64)
        # Lengths of 1 may be left out in the file, so the numbers count and not their nesting; one number fills all.
        return literal.reshape(parameter.shape) if literal.ndim else np.full(parameter.shape, literal)
    if parameter.constant is not None:
        return np.full(parameter.shape, parameter.constant)
    initializer = parameter.init or default_initializer(operation)
    rng = _generator(seed, operation.full_name(parameter))
    return initializer.draw(rng, parameter.shape, parameter.fan_in, parameter.fan_out)


def _generator(seed: int, name: str) -> np.random.Generator:
    """A generator of its own for each seed and name."""
    digest = hashlib.blake2b(f"{seed}:{name}".encode(), digest_size=16).digest()
    return np.random.Generator(np.random.Philox(key=int.from_bytes(digest, "little")))


class Parameters(dict[str, np.ndarray]):
    """Arrays by name that are a model's own numbers: writing to one, or setting it, changes the model.

    Names are those of the network's layers: none can be added, and none removed.
    """

    def __init__(self, plan: Any) -> None:
        places: Layout = plan.places
        super().__init__(places.views(plan.flat))
        self._turn = plan.turn

    def __missing__(self, name: object) -> np.ndarray:
        raise KeyError(self._unknown(name))

    def __setitem__(self, name: str, value: Any) -> None:
        """Copy an array of the parameter's shape into it.

        Raises:
            KeyError: where the network has no such parameter.
            ValueError: where the array is of another shape, holds no numbers, or numbers beyond float32.
        """
        self.update({name: value})

    def update(self, *others: Any, **more: Any) -> None:
        """Set several: all of them, or where one does not fit, none."""
        new = dict(*others, **more)
        ready = {name: self._fitting(name, value) for name, value in new.items()}
        self._turn.take(self._turn.change, self._write, ready)

    def __ior__(self, other: Any) -> Parameters:  # type: ignore[override, misc]
        self.update(other)
        return self

    def __delitem__(self, name: str) -> None:
        raise TypeError("a network's parameters are what its layers say: none can be removed")

    def pop(self, *_: Any) -> Any:
        """Refused."""
        del self[""]

    popitem = clear = pop

    def setdefault(self, name: str, default: Any = None) -> np.ndarray:
        """What is there, as nothing can be added."""
        return self[name]

    def copy(self) -> dict[str, np.ndarray]:
        """The same arrays in a plain dict."""
        return dict(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, ({name: array.copy() for name, array in self.items()},)

    def _unknown(self, name: object) -> str:
        near = closest(str(name), list(self))
        return f"there is no parameter {name!r}" + (
            f"; did you mean {near!r}?" if near else f", only {', '.join(self)}"
        )

    def _fitting(self, name: str, value: Any) -> np.ndarray:
        if name not in self:
            raise KeyError(self._unknown(name))
        array, place = np.asarray(value), self[name]
        if array.dtype.kind not in "biuf":
            raise ValueError(f"{name}: an array of numbers is needed, not of {array.dtype}")
        if array.shape != place.shape:
            hint = f"; to fill it with one number: parameters[{name!r}][...] = number" if not array.ndim else ""
            raise ValueError(f"{name}: an array of shape {place.shape} is needed, not {array.shape}{hint}")
        return as_float32(array, name)

    def _write(self, arrays: Mapping[str, np.ndarray]) -> None:
        for name, array in arrays.items():
            self[name][...] = array


def as_float32(array: np.ndarray, what: str) -> np.ndarray:
    """An array as float32, contiguous; a copy where it is something else.

    Raises:
        ValueError: where a finite number is beyond float32.
    """
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        found = np.ascontiguousarray(array, np.float32)
        if array.dtype.itemsize > 4 and not np.array_equal(np.isinf(found), np.isinf(array)):
            raise ValueError(f"{what}: some numbers are beyond float32, which ends at 3.4e38")
    return found.reshape(np.shape(array))
