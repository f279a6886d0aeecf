"""Parameters in memory that others may write to, and the knowledge whether they can have."""

from __future__ import annotations

import weakref

import numpy as np


class Loan:
    """What every array made from a lent one keeps alive: as long as it lives, somebody can write."""

    def __init__(self, array: np.ndarray) -> None:
        self.array = array
        self.__array_interface__ = array.__array_interface__


class Memory:
    """An array, and whether its numbers may have changed since somebody looked.

    Who keeps a copy of the numbers in another order keeps what `look` gave beside it, and looks again when `version`
    is another. That is so as long as anyone holds an array from `lend`, or a slice of one, or a slice of that, and once
    after. So writing to parameters is always seen, nobody has to announce it, and it costs nothing where nobody can.
    """

    def __init__(self, array: np.ndarray) -> None:
        self.array = array
        self.version = 1
        self._loan: weakref.ref[Loan] | None = None

    @property
    def lent(self) -> bool:
        """Whether somebody can write to it."""
        return self._loan is not None and self._loan() is not None

    def lend(self) -> np.ndarray:
        """The numbers, to read and to write."""
        self.version += 1
        loan = self._loan() if self._loan else None
        if loan is None:
            loan = Loan(self.array)
            self._loan = weakref.ref(loan)
        return np.asarray(loan)

    def look(self) -> int:
        """The version of the numbers that one is about to read."""
        seen = self.version
        if self.lent:
            self.version += 1
        return seen
