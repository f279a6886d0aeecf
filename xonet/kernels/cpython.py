"""All that relies on how CPython and NumPy lay out their objects: compiled code that is handed the objects themselves.

That saves nine tenths of what ctypes takes for a call, and asking an array for its address. Where `known()` says no,
the engine goes the plain way: Python looks at the array, and calls by ctypes (`SingleRunner._plain`).
"""

from __future__ import annotations

import ctypes
import platform
import sys
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from xonet.kernels import helper, load_i32, load_i64

TRIED = ((3, 10), (3, 13))
"""The first and the last release of CPython with which the tests have passed."""
TRIED_NUMPY = (1, 2)
"""And of NumPy, whose arrays keep their places within a major release: they are part of its C interface."""
KIND = object.__basicsize__ // 8 - 1
"""The last of what every Python object begins with: its class. Places count int64, those of int32 count int32."""
DATA = KIND + 1
AXES = 2 * (KIND + 2)
"""An int32: how many axes there are."""
SHAPE = KIND + 3
DTYPE = KIND + 6
FLAGS = 2 * (KIND + 7)
"""An int32."""
IN_ORDER = 0x0001 | 0x0100
"""Flags of an array whose numbers lie one behind the other, each where the processor likes it."""


METH_FASTCALL = 0x80
"""What Python's C API calls the kind of a method that is given the address of its arguments, and their number."""


@cache
def known() -> bool:
    """Whether this Python is one of those that were tried, and an array has its parts where they are expected."""
    if platform.python_implementation() != "CPython" or not TRIED[0] <= sys.version_info[:2] <= TRIED[1]:
        return False
    if not TRIED_NUMPY[0] <= int(np.__version__.split(".")[0]) <= TRIED_NUMPY[1]:
        return False
    if not getattr(sys, "_is_gil_enabled", lambda: True)():
        return False  # others may change an object while it is looked at
    return _as_expected(np.zeros((2, 3), np.float32))


def _as_expected(array: np.ndarray) -> bool:
    longs = (ctypes.c_int64 * (DTYPE + 2)).from_address(id(array))
    words = (ctypes.c_int32 * (FLAGS + 1)).from_address(id(array))
    if (longs[KIND], longs[DATA], longs[DTYPE]) != (id(np.ndarray), array.ctypes.data, id(array.dtype)):
        return False
    if words[AXES] != array.ndim or words[FLAGS] & IN_ORDER != IN_ORDER:
        return False
    return tuple((ctypes.c_int64 * array.ndim).from_address(longs[SHAPE])) == array.shape


@helper
def alike(array, other):
    """Whether an object is an array in order, of the same dtype and shape as `other`, which is one."""
    if load_i64(array, KIND) != load_i64(other, KIND) or load_i64(array, DTYPE) != load_i64(other, DTYPE):
        return False
    axes = load_i32(other, AXES)
    if load_i32(array, AXES) != axes or load_i32(array, FLAGS) & IN_ORDER != IN_ORDER:
        return False
    for n in range(axes):
        if load_i64(load_i64(array, SHAPE), n) != load_i64(load_i64(other, SHAPE), n):
            return False
    return True


class _Method(ctypes.Structure):
    """`PyMethodDef` of Python's C API."""

    _fields_ = (("name", ctypes.c_char_p), ("code", ctypes.c_void_p), ("flags", ctypes.c_int), ("doc", ctypes.c_char_p))


_DESCRIBED: dict[int, _Method] = {}
"""By address; each must live as long as any method that was made of it."""


def method(address: int, owner: object) -> Callable[..., Any]:
    """A method kernel as a method of `owner`: called in a tenth of the time that ctypes takes."""
    make = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.POINTER(_Method), ctypes.py_object, ctypes.c_void_p)
    described = _DESCRIBED.setdefault(address, _Method(b"method", address, METH_FASTCALL, None))
    made = make(("PyCFunction_NewEx", ctypes.pythonapi))(described, owner, None)
    assert callable(made)
    return made
