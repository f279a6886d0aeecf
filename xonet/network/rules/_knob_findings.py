"""Findings at a record's knob: a shape that does not fit, or a warning, with the place that an alias stands for."""

from __future__ import annotations

from collections.abc import Sequence

from xonet.diagnostics import Diagnostic, Note
from xonet.language.fields import Record
from xonet.language.shapes import ShapeError


def shape_finding(record: Record, error: ShapeError, label: str = "") -> Diagnostic:
    """The finding at the record's knob, or at the record's word where the file does not write the knob."""
    at = record if error.inside is None else error.inside
    notes = tuple(_aliases(at, error.knob))
    return Diagnostic(error.code, error.message, at.span(error.knob), label=label, notes=notes, help=error.help)


def warning(
    code: str, message: str, record: Record, knob: str = "", *, notes: Sequence[Note] = (), help: str
) -> Diagnostic:
    """The warning at the record's knob, or at the record's word where the file does not write the knob."""
    notes = (*notes, *_aliases(record, knob))
    return Diagnostic(code, message, record.span(knob), "warning", notes=notes, help=help)


def _aliases(record: Record, knob: str) -> list[Note]:
    """Where the knob's value stands, and where the record is used, if aliases lie between."""
    notes = []
    written = record.node.get(knob) if record.node else None
    if written is not None and written.origin is not None:
        notes.append(Note("the value is here", written.origin))
    if record.alias is not None:
        notes.append(Note("it is used here", record.alias))
    return notes
