"""Parameters in memory that others may write to, and the knowledge whether they can have."""

from __future__ import annotations

import itertools
import sys

import numpy as np


class Borrowed:
    """What every array made from a borrowed one keeps alive: as long as such arrays live, somebody can write."""

    def __init__(self, array: np.ndarray) -> None:
        self.array = array
        self.__array_interface__ = array.__array_interface__


class Memory:
    """An array, and whether its numbers may have changed since somebody looked.

    Who keeps a copy of the numbers in another order keeps what `look` gave beside it, and looks again when `version`
    is another. That is so as long as anyone holds an array from `borrow`, or a slice of one, or of that, and once
    after. So writing to parameters is always seen, nobody has to announce it, and it costs nothing where nobody can.

    Any threads may call at once: no two changes have the same version, and each is there before the array is borrowed.
    """

    def __init__(self, array: np.ndarray) -> None:
        self.array = array
        self._versions = itertools.count(1)
        self.version = next(self._versions)
        self._borrowed = Borrowed(array)
        self._unborrowed = self._holders()

    def _holders(self) -> int:
        return sys.getrefcount(self._borrowed)

    @property
    def borrowed(self) -> bool:
        """Whether somebody can write to it."""
        return self._holders() > self._unborrowed

    def borrow(self) -> np.ndarray:
        """The numbers, to read and to write."""
        borrowed = np.asarray(self._borrowed)
        self.version = next(self._versions)
        return borrowed

    def look(self) -> int:
        """The version of the numbers that one is about to read."""
        seen = self.version
        if self.borrowed:
            self.version = next(self._versions)
        return seen
