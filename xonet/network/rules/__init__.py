"""What may still be wrong in a file of valid form, one rule per module, each with `NEEDS` and `find`.

`NEEDS` names the sections that must be present and valid; `find(network, scope)` gives findings. A new module is a new
rule. Rules in this folder find errors, and run whenever a file is read; those in `lints/` find probable mistakes,
and only `validate` runs them: a warning neither delays training nor prevents it.
"""

from __future__ import annotations

from xonet.network.rules._find import Rule, Scope, find

__all__ = ["Rule", "Scope", "find"]
