"""The JSON schema of a network file, from the declarations; `xonet schema` prints and writes it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from xonet.data import SOURCES
from xonet.data.augment import AUGMENTATIONS
from xonet.initializers import INITIALIZERS
from xonet.language.families import Family
from xonet.language.kinds import Number
from xonet.layers import LAYERS, LINE
from xonet.losses import LOSSES
from xonet.metrics import METRICS
from xonet.network.document import Document
from xonet.optimizers import OPTIMIZERS
from xonet.schedules import SCHEDULES

FAMILIES: tuple[Family[Any], ...] = (
    LAYERS,
    LOSSES,
    METRICS,
    OPTIMIZERS,
    SCHEDULES,
    INITIALIZERS,
    SOURCES,
    AUGMENTATIONS,
)
"""Every family of words in the language."""

FILE = Path(__file__).parents[2] / "schemas" / "network.schema.json"
"""Where the schema lies in the project's repository."""


@cache
def schema() -> dict[str, Any]:
    """The schema of the whole file, draft 2020-12."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "xonet network",
        **Document.schema(),
        "$defs": {
            **{family.noun: family.schema() for family in FAMILIES},
            "line": LINE,
            "numbers": {
                "if": {"type": "array"},
                "then": {"items": {"$ref": "#/$defs/numbers"}},
                "else": Number().schema(),
            },
        },
    }


def text() -> str:
    """What the schema's file holds."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
