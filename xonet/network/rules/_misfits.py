"""A misfit, as a finding at the knob that does not fit."""

from __future__ import annotations

from xonet.diagnostics import Diagnostic
from xonet.language.fields import Record
from xonet.language.shapes import Misfit


def misfit_finding(record: Record, misfit: Misfit, label: str = "") -> Diagnostic:
    """The finding at the record's knob, or at the record's word where the file does not write the knob."""
    return Diagnostic(misfit.code, misfit.message, record.span(misfit.knob), label=label, help=misfit.help)
