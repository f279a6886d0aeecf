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
    """An array, and whether its numbers may have changed since somebody last looked.

    Who copies the numbers in another order looks at `touched` before using that copy: it is set as long as anyone holds
    an array from `lend`, or a slice of one, or a slice of that. So writing to parameters is always seen, without asking
    anybody to announce it, and costs nothing where nobody can write.
    """

    def __init__(self, array: np.ndarray) -> None:
        self.array = array
        self.touched = True
        """Set it after writing to `array` itself."""
        self._loan: weakref.ref[Loan] | None = None

    def lend(self) -> np.ndarray:
        """The numbers, to read and to write."""
        self.touched = True
        loan = self._loan() if self._loan else None
        if loan is None:
            loan = Loan(self.array)
            self._loan = weakref.ref(loan)
        return np.asarray(loan)

    def look(self) -> None:
        """Say, before reading the numbers anew, that one does."""
        self.touched = self._loan is not None and self._loan() is not None
