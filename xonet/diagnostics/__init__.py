"""What is wrong with a network file, and where: plain records that every renderer only reads.

Each other module here is an output format of `xonet validate`, found by `_formats`; `codes/` has one page per code.
"""

from __future__ import annotations

from xonet.diagnostics._diagnostic import (
    LONGEST_TEXT,
    Diagnostic,
    Edit,
    Fix,
    InvalidNetwork,
    Note,
    Severity,
    Source,
    Span,
    in_order,
)

__all__ = [
    "LONGEST_TEXT",
    "Diagnostic",
    "Edit",
    "Fix",
    "InvalidNetwork",
    "Note",
    "Severity",
    "Source",
    "Span",
    "in_order",
]
