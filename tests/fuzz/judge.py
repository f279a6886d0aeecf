"""What must hold for whatever bytes: findings with places in the text, or none; every format writes them; fixes fit."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xonet.diagnostics import Diagnostic, Source
from xonet.diagnostics._formats import Checked, Report, formats, load_format
from xonet.language.fixes import apply
from xonet.language.text import decode
from xonet.network import check_text

SECONDS = 2.0
"""How much processor time one small file may take: the machine may be busy with other things."""


def judge(raw: bytes, *, write: bool = True) -> list[Diagnostic]:
    """The findings of a file with these bytes.

    Raises:
        Exception: whatever went wrong: a crash of `check` or of a format, a place outside the text, a hang.
    """
    with time_limit():
        source, findings = decode("fuzz.yaml", raw)
        if not findings:
            findings = check_text(source, root=Path("nowhere"))[1]
        for finding in findings:
            for span in (finding.span, *(note.span for note in finding.notes if note.span)):
                lies_inside(source, finding, span.source, span.line, span.end_line)
                assert 0 <= span.start <= span.end <= len(span.source.text), finding
        if write:
            for name in formats():
                "".join(load_format(name).write(Report([Checked("fuzz.yaml", findings)])))
            apply(source, findings)
    return findings


def lies_inside(source: Source, finding: Diagnostic, where: Source, first: int, last: int) -> None:
    """A place is one of the text."""
    lines = source.text.count("\n") + source.text.count("\r") + 1
    assert where is source and 1 <= first <= last <= lines, finding


@contextmanager
def time_limit() -> Iterator[None]:
    """Inside, a hang becomes an error."""

    def over(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGPROF, over)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
