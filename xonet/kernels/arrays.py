"""NumPy arrays as compiled code sees them that is given the arrays themselves: faster than to ask for their addresses.

Places are those of `PyArrayObject_fields` in NumPy's C header `ndarraytypes.h`, which every extension is built on.
"""

from __future__ import annotations

from xonet.kernels import helper, long_at, word_at

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


@helper
def alike(array, other):
    """Whether an object is an array in order, of the same dtype and shape as `other`, which is one."""
    if long_at(array, KIND) != long_at(other, KIND) or long_at(array, DTYPE) != long_at(other, DTYPE):
        return False
    axes = word_at(other, AXES)
    if word_at(array, AXES) != axes or word_at(array, FLAGS) & IN_ORDER != IN_ORDER:
        return False
    for n in range(axes):
        if long_at(long_at(array, SHAPE), n) != long_at(long_at(other, SHAPE), n):
            return False
    return True
