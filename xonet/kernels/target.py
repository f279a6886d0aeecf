"""Which processor kernels are compiled for, and the block sizes that suit it."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from functools import cache

import llvmlite.binding as llvm

from xonet.kernels.window_kinds import BACKWARD, FORWARD, KINDS


@cache
def processor() -> tuple[str, str]:
    """(name, features) for LLVM: this machine's, or what NUMBA_CPU_NAME and NUMBA_CPU_FEATURES say."""
    name, features = os.environ.get("NUMBA_CPU_NAME"), os.environ.get("NUMBA_CPU_FEATURES")
    if name is None and features is None:
        return _here()
    return name or llvm.get_host_cpu_name(), features or ""


def _here() -> tuple[str, str]:
    return llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()


@cache
def _check(name: str, features: str) -> None:
    """Ask LLVM in a process of its own: for a processor that it does not know, it ends the process.

    Raises:
        OSError: where it does not know the processor, or the features.
    """
    tried = subprocess.run([sys.executable, "-c", _TRY, name, features], capture_output=True, text=True, check=False)
    said = tried.stderr.strip().splitlines()
    if tried.returncode or said:
        why = said[0] if said else "LLVM cannot compile for it"
        raise OSError(errno.EINVAL, why, f"NUMBA_CPU_NAME={name} NUMBA_CPU_FEATURES={features}")


_TRY = """
import sys, llvmlite.binding as llvm
llvm.initialize_native_target()
llvm.initialize_native_asmprinter()
target = llvm.Target.from_default_triple()
machine = target.create_target_machine(cpu=sys.argv[1], features=sys.argv[2], opt=3, jit=True, codemodel="jitdefault")
machine.emit_object(llvm.parse_assembly("define void @f() { ret void }"))
"""


def machine() -> llvm.TargetMachine:
    """What LLVM needs to know to make code for that processor, to be run in this process."""
    name, features = processor()
    if (name, features) != _here():
        _check(name, features)
    triple = llvm.Target.from_default_triple()
    return triple.create_target_machine(cpu=name, features=features, opt=3, jit=True, codemodel="jitdefault")


@cache
def wide() -> bool:
    """Whether a register holds all sixteen lanes, and there are 32 of them (AVX-512)."""
    name, features = processor()
    return "+avx512f" in features.split(",") or (not features and name in ("skylake-avx512", "znver4", "znver5"))


def tile_sizes() -> list[tuple[int, int]]:
    """The (rows, pixels) of the register tile that exist."""
    rows, pixels = ((8, 6, 4, 3, 2, 1), (2, 1)) if wide() else ((6, 4, 3, 2, 1), (1,))
    return [(r, p) for r in rows for p in pixels]


def outer_sizes() -> list[tuple[int, int]]:
    """The (rows, taps) of the sister tile that exist."""
    rows, taps = ((4, 3, 2, 1), (6, 5, 4, 3, 2, 1)) if wide() else ((2, 1), (3, 2, 1))
    return [(r, t) for r in rows for t in taps]


def feature_sizes() -> list[tuple[int, int]]:
    """The (pixels, sixteens of features) of the tile for one picture that exist; more sixteens for a single pixel.

    0 sixteens stand for one of channels, each of which makes a feature by itself.
    """
    if not wide():
        return [(r, s) for r in (6, 5, 4, 3, 2, 1) for s in (1, 0)] + [(1, 4), (1, 2)]
    return [(r, s) for r in (14, 12, 10, 8, 7, 6, 5, 4, 3, 2, 1) for s in (2, 1, 0)] + [
        (1, s) for s in (8, 7, 6, 5, 4, 3)
    ]


WINDOWS = (3, 5)
"""Columns of the windows that have a tile of their own; they move by one or two."""


def window_sizes() -> list[tuple[int, int]]:
    """The (kind, outputs) of the tile for windows over one channel that exist; see `window_kinds`."""
    kinds = (*FORWARD, *BACKWARD)
    return [(KINDS * window + number, size) for window in WINDOWS for number in kinds for size in neighbours()]


def window_weights_sizes() -> list[tuple[int, int]]:
    """The (kind, outputs) of its sister for the gradient of the weights."""
    return [(KINDS * window + number, max(neighbours())) for window in WINDOWS for number in FORWARD]


def neighbours() -> list[int]:
    """How many outputs beside each other the tile for windows computes together."""
    return [8, 4, 1] if wide() else [4, 1]


def cut(length: int, sizes: list[int]) -> list[int]:
    """A length as few blocks of the given sizes as can be, the evenest of such cuts, larger blocks first.

    Where it is so long that the fewest blocks are mostly the largest ones, only what they leave is looked at closely.
    """
    largest = max(sizes)
    whole = max(0, length - 2 * largest * largest) // largest
    return [largest] * whole + list(_cut(length - whole * largest, tuple(sizes)))


@cache
def _cut(length: int, sizes: tuple[int, ...]) -> list[int]:
    best: list[list[int]] = [[]]
    for n in range(1, length + 1):
        ways = [[*best[n - size], size] for size in sizes if size <= n]
        best.append(min(ways, key=lambda way: (len(way), max(way))))
    return sorted(best[length], reverse=True)
