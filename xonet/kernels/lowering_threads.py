"""What the words mean to Numba that threads share memory by, and those that call Python and the system."""

from __future__ import annotations

import platform
import sys
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils

from xonet.kernels import words
from xonet.kernels.ir_parts import I32, I64, VOID, intrinsic, pointer
from xonet.kernels.lane_types import i64, word


@word(words.atomic_add, i64, i64, i64, i64)
def _add_and_get(b: Any, address: Any, index: Any, value: Any) -> Any:
    return b.add(b.atomic_rmw("add", pointer(b, address, index, I64), value, "seq_cst"), value)


@word(words.atomic_load, i64, i64, i64)
def _peek(b: Any, address: Any, index: Any) -> Any:
    return b.load_atomic(pointer(b, address, index, I64), "seq_cst", 8)


@word(words.atomic_store, types.void, i64, i64, i64)
def _poke(b: Any, address: Any, index: Any, value: Any) -> None:
    b.store_atomic(value, pointer(b, address, index, I64), "seq_cst", 8)


@word(words.compare_exchange, i64, i64, i64, i64, i64)
def _swap_if(b: Any, address: Any, index: Any, expected: Any, value: Any) -> Any:
    result = b.cmpxchg(pointer(b, address, index, I64), expected, value, "seq_cst")
    return b.zext(b.extract_value(result, 1), I64)


@word(words.spin_pause, types.void, i64)
def _breathe(b: Any, patience: Any) -> None:
    with b.if_else(b.icmp_signed(">", patience, I64(0))) as (then, otherwise):
        with then:
            if platform.machine().lower() in ("x86_64", "amd64"):
                b.call(intrinsic(b.module, "llvm.x86.sse2.pause", VOID, []), [])
        with otherwise:
            let_others = ir.FunctionType(I32, [])
            b.call(cgutils.get_or_insert_function(b.module, let_others, "sched_yield"), [])


@word(words.processor, i64)
def _processor(b: Any) -> Any:
    if sys.platform != "linux":
        return I64(-2)
    return b.sext(b.call(cgutils.get_or_insert_function(b.module, ir.FunctionType(I32, []), "sched_getcpu"), []), I64)


def _python(b: Any, name: str, result: Any, arguments: list[Any], *values: Any) -> Any:
    """Call a function of Python's C API."""
    return b.call(cgutils.get_or_insert_function(b.module, ir.FunctionType(result, arguments), name), values)


@word(words.owned, i64, i64)
def _owned(b: Any, address: Any) -> Any:
    _python(b, "Py_IncRef", VOID, [I64], address)
    return address


@word(words.acquire_lock, types.void, i64)
def _acquire_lock(b: Any, lock: Any) -> None:
    _python(b, "PyThread_acquire_lock", I32, [I64, I32], lock, I32(1))


@word(words.release_lock, types.void, i64)
def _release_lock(b: Any, lock: Any) -> None:
    _python(b, "PyThread_release_lock", VOID, [I64], lock)


@word(words.release_python, i64)
def _release_python(b: Any) -> Any:
    return _python(b, "PyEval_SaveThread", I64, [])


@word(words.resume_python, types.void, i64)
def _resume_python(b: Any, state: Any) -> None:
    _python(b, "PyEval_RestoreThread", VOID, [I64], state)
