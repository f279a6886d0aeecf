"""Memory as interpreted kernels see it: addresses are integers, and each must lie in an array that was taken.

An address that a kernel is given knows what it was given for, and how far that reaches; what is added to it changes
neither. So a kernel that runs over the end of one value into the next is found, though both lie in one array.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Any, NamedTuple, Protocol

import numpy as np

FLOAT = 4
"""Bytes of a float32, and of what is known of memory at least."""


class Misuse(Exception):
    """A kernel touched what it must not: the message names kernel, argument and place."""


class Array:
    """An array that a program took."""

    def __init__(self, name: str, array: np.ndarray, writable: bool = True) -> None:
        self.name, self.writable = name, writable
        self.start, self.end = array.ctypes.data, array.ctypes.data + array.nbytes
        self.bytes = array.reshape(-1).view(np.uint8)
        self.floats = self.bytes[: array.nbytes // FLOAT * FLOAT].view(np.float32)
        self.known: Any = None
        """What a `Witness` remembers of it; None where it has not to be told."""


class Origin(NamedTuple):
    """What an address was given for."""

    name: str
    """The kernel's argument, or the array."""
    array: Array
    low: int
    """The first byte that may be touched, and behind the last."""
    high: int
    value: int = 0
    """Which of the program's values lies there, from 1 on; 0 where nothing else ever does."""
    stride: int = 0
    """Bytes from there to where the next group has the same value, where all groups' may be touched."""

    def holds(self, first: int, size: int) -> bool:
        """Whether so many bytes from `first` on may be touched."""
        if self.stride and first >= self.low and first + size <= self.array.end:
            first = self.low + (first - self.low) % self.stride
        return first >= self.low and first + size <= self.high


class Address(int):
    """A number of bytes in memory, and what it was given for."""

    origin: Origin

    @classmethod
    def of(cls, number: int, origin: Origin) -> Address:
        """The address `number`, given for `origin`."""
        made = int.__new__(cls, number)
        made.origin = origin
        return made

    def __add__(self, other: Any) -> Address:
        return Address.of(int.__add__(self, int(other)), self.origin)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Address:
        return Address.of(int.__sub__(self, int(other)), self.origin)


Selection = slice | np.ndarray
"""Which of an array's float32 are touched: a slice, or their numbers in one row."""


class Witness(Protocol):
    """Who is told of everything that is touched in arrays that it knows something of."""

    def arguments(self, address: int) -> list[Origin | None] | None:
        """What the arguments of a call were given for, if one knows; they lie at `address`."""

    def touched(self, origin: Origin, selection: Selection, writes: bool) -> str | None:
        """What is wrong with it, or None."""


class Memory:
    """The arrays that may be touched; see `Array` for `writable`."""

    def __init__(self, witness: Witness | None = None) -> None:
        self.witness, self.kernel = witness, "?"
        """`kernel`: the name of the one that runs."""
        self._names: set[str] = set()
        self._starts: list[int] = []
        self._whole: list[Origin] = []
        self._pointers: dict[int, Address] = {}
        """Addresses that kernels stored, by where."""

    def take(self, name: str, array: np.ndarray | None, writable: bool = True) -> Array | None:
        """Let an array be touched, until one of the same name is taken."""
        self.forget(name)
        if array is None or not array.nbytes:
            return None
        self._names.add(name)
        taken = Array(name, array, writable)
        place = bisect_right(self._starts, taken.start)
        self._starts.insert(place, taken.start)
        self._whole.insert(place, Origin(name, taken, taken.start, taken.end))
        return taken

    def forget(self, name: str) -> None:
        """Let nobody touch the arrays of a name any more."""
        if name in self._names:
            self._names.remove(name)
            self._whole = [origin for origin in self._whole if origin.array.name != name]
            self._starts = [origin.low for origin in self._whole]

    def find(self, address: int) -> Origin | None:
        """The array that a place lies in."""
        place = bisect_right(self._starts, address) - 1
        return self._whole[place] if place >= 0 and address < self._whole[place].high else None

    def span(self, address: int, offset: int, size: int, writes: bool = False) -> np.ndarray:
        """The `size` bytes that lie `offset` behind an address."""
        first = int(address) + int(offset)
        origin = address.origin if type(address) is Address else self.find(first)
        if origin is None or not origin.holds(first, size):
            raise self._beyond(origin, first, size, writes)
        array = origin.array
        if writes and not array.writable:
            raise Misuse(f"{self.kernel} writes to `{origin.name}`, which is only to be read ({array.name})")
        first -= array.start
        if array.known is not None:
            self._tell(origin, slice(first // FLOAT, (first + size + FLOAT - 1) // FLOAT), writes)
        return array.bytes[first : first + size]

    def gather(self, address: int, offsets: np.ndarray, needed: np.ndarray | None = None) -> np.ndarray:
        """The float32 that lie some float32 behind an address.

        Where they are not `needed`, anything may lie there; but it is in the array, too.
        """
        if not offsets.size:
            return np.zeros(offsets.shape, np.float32)
        origin, places = self._places(address, offsets, needed, False)
        values = origin.array.floats[places]
        return values if needed is None else np.where(needed, values, np.float32(0))

    def scatter(self, address: int, offsets: np.ndarray, values: np.ndarray) -> None:
        """Write them."""
        if offsets.size:
            origin, places = self._places(address, offsets, None, True)
            origin.array.floats[places] = values

    def _places(
        self, address: int, offsets: np.ndarray, needed: np.ndarray | None, writes: bool
    ) -> tuple[Origin, np.ndarray]:
        origin = address.origin if type(address) is Address else self.find(int(address) + FLOAT * int(offsets.flat[0]))
        if origin is None:
            raise self._beyond(None, int(address), FLOAT, writes)
        begin = (int(address) - origin.array.start) // FLOAT
        looked_at = offsets if needed is None else offsets[needed]
        array = origin._replace(low=origin.array.start, high=origin.array.end, stride=0)
        for own, places in ((origin, looked_at), (array, offsets)):
            for offset in {int(places.min()), int(places.max())}:
                first = int(address) + FLOAT * offset
                if not own.holds(first, FLOAT):
                    raise self._beyond(own, first, FLOAT, writes)
        if writes and not origin.array.writable:
            raise Misuse(f"{self.kernel} writes to `{origin.name}`, which is only to be read ({origin.array.name})")
        if origin.array.known is not None:
            self._tell(origin, begin + looked_at.ravel(), writes)
        return origin, begin + offsets

    def _tell(self, origin: Origin, selection: Selection, writes: bool) -> None:
        if self.witness and (wrong := self.witness.touched(origin, selection, writes)):
            raise Misuse(f"{self.kernel} {wrong}")

    def _beyond(self, origin: Origin | None, first: int, size: int, writes: bool) -> Misuse:
        does = "writes to" if writes else "reads"
        if origin is None:
            return Misuse(f"{self.kernel} {does} {size} bytes at {first:#x}, where no array of the program lies")
        return Misuse(
            f"{self.kernel} {does} {size} bytes of `{origin.name}` from byte {first - origin.low} on, of"
            f" {origin.high - origin.low} ({origin.array.name})"
        )

    def point(self, place: int, address: int) -> None:
        """Remember an address that a kernel stores at a place."""
        if type(address) is Address:
            self._pointers[place] = address
        else:
            self._pointers.pop(place, None)

    def pointer(self, place: int, number: int) -> int:
        """What a kernel stored at a place, if `number`, which lies there, still is that."""
        stored = self._pointers.get(place)
        return stored if stored is not None and stored == number else number
