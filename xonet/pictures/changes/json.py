"""The format `json`: everything, uncut, for programs."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from xonet.network.changes import Changes, EntryChange


def render(changes: Changes, color: bool = False) -> str:
    """An object with `old`, `new`, `same`, `layers`, `augment`, `settings`, and `totals` by their names."""
    before, after = asdict(changes.before), asdict(changes.after)
    found = {
        "old": changes.old,
        "new": changes.new,
        "same": changes.none,
        "layers": [_entry(entry) for entry in changes.layers],
        "augment": [_entry(entry) for entry in changes.augment],
        "settings": [asdict(setting) for setting in changes.settings],
        "totals": {name: {"old": before[name], "new": after[name]} for name in before},
    }
    return json.dumps(found, indent=2) + "\n"


def _entry(entry: EntryChange) -> dict[str, Any]:
    fields = asdict(entry)
    return {"change": fields.pop("kind"), **fields}
