"""What a sound form may still say wrong, one rule a room: a module with `NEEDS` and `find`.

`NEEDS` names the sections that must be there and sound; `find(network, scope)` gives findings. A new module is a new
rule. Rules in this folder find errors, and are asked whenever a file is read; those in `lints/` find what is probably
not meant, and are asked by `validate` alone: training starts no later, and refuses no more, for a warning.
"""

from __future__ import annotations

from xonet.network.rules._find import Rule, Scope, find

__all__ = ["Rule", "Scope", "find"]
