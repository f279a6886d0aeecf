"""All that relies on Numba's private parts: a library's module, linked and optimised, without Numba's own engine.

Where `known` says no, it is done with what is public, which takes longer: Numba's engine makes code of it, too.
"""

from __future__ import annotations

import re
from typing import Any

import llvmlite.binding as llvm
from numba import __version__

from xonet.kernels import tiles

TRIED = ((0, 61), (0, 68))
"""The first and the last release of Numba with which the tests have passed."""
PARTS = ("_linking_libraries", "_final_module", "_optimize_final_module")
"""What is used of a library."""
NOWHERE = 1
"""An address that is not called."""


def known(library: Any) -> bool:
    """Whether this Numba is one of those that were tried, and has these parts."""
    release = tuple(int(number) for number in re.findall(r"\d+", __version__)[:2])
    return TRIED[0] <= release <= TRIED[1] and all(hasattr(library, part) for part in PARTS)


def optimized(library: Any) -> Any:
    """The LLVM module of a library to which all has been added."""
    if not known(library):
        return _plainly(library)
    for part in library._linking_libraries:
        library._final_module.link_in(part._get_module_for_linking(), preserve=True)
    library._optimize_final_module()
    return library._final_module


def _plainly(library: Any) -> Any:
    for name in tiles.ARGUMENTS:  # without an address, Numba's engine would end the process
        if llvm.address_of_symbol(name) is None:
            llvm.add_symbol(name, NOWHERE)
    library.finalize()
    return llvm.parse_assembly(library.get_llvm_str())
