"""The command `xonet`: one module a verb, each with `HELP`, `add_arguments(parser)` and `run(arguments) -> int`.

Verbs are found by listing this folder (`explain_code.py` is `explain-code`), and import what they need when they run:
`xonet --help` must be instant.
"""

from __future__ import annotations

from xonet.cli._main import main
from xonet.cli._status import FAILURE, FINDINGS, FINE, INTERRUPTED

__all__ = ["FAILURE", "FINDINGS", "FINE", "INTERRUPTED", "main"]
