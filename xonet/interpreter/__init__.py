"""Kernels as plain Python: every word has a meaning in NumPy, and memory is arrays whose ends are known.

Slow, and there to be stepped through and to check: an access that no array of the program holds is an error. Where
native code and this differ, they do by float32 rounding: a product and a sum are rounded once here as there (but for
rare ties, as float64 comes between), while numbers by themselves may be float64 in one and float32 in the other.
"""

from __future__ import annotations

from xonet.interpreter import tiles, words
from xonet.interpreter.machine import Machine
from xonet.interpreter.memory import Address, Array, Memory, Misuse, Origin

__all__ = ["Address", "Array", "Machine", "Memory", "Misuse", "Origin", "tiles", "words"]
