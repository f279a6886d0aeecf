"""A misfit, as a finding at the knob that does not fit."""

from __future__ import annotations

from xonet.diagnostics import Diagnostic, Note
from xonet.language.fields import Record
from xonet.language.shapes import Misfit


def misfit_finding(record: Record, misfit: Misfit, label: str = "") -> Diagnostic:
    """The finding at the record's knob, or at the record's word where the file does not write the knob."""
    if misfit.inside is not None and misfit.inside.node is not None:
        record = misfit.inside
    knob = record.node.get(misfit.knob) if record.node else None
    notes = []
    if knob is not None and knob.origin is not None:
        notes.append(Note("the value stands here", knob.origin))
    if record.alias is not None:
        notes.append(Note("it is used here", record.alias))
    span = record.span(misfit.knob)
    return Diagnostic(misfit.code, misfit.message, span, label=label, notes=tuple(notes), help=misfit.help)
