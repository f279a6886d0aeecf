"""The JSON schema of a network file, from the declarations; `xonet schema` prints and writes it."""

from __future__ import annotations

import json
from copy import deepcopy
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
    return json.dumps(for_editors(), indent=2, ensure_ascii=False) + "\n"


def for_editors() -> dict[str, Any]:
    """The same for programs that do not know what `defaults` means: with that section, no layer lacks a knob."""
    whole = deepcopy(schema())
    layer = whole["$defs"][LAYERS.noun]
    needed, bare = {}, layer["then"]["enum"]
    for word, knobs in layer["else"]["properties"].items():
        inside = {
            name: {"description": knob["description"], **more}
            for name, knob in knobs["properties"].items()
            if (more := _complete(knob))
        }
        needed[word] = {  # with its help: an editor may take it from here
            "description": knobs["description"],
            "required": knobs.pop("required", []),
            "properties": inside,
        }
    # not an enumeration: editors would offer each word twice, and once without its help
    layer["then"] = {"pattern": f"^({'|'.join(needed)})$"}
    whole["$defs"]["complete"] = {
        "description": "A layer, or a line of layers, with all that it needs.",
        "if": {"type": "array"},
        "then": {"items": {"$ref": "#/$defs/complete"}},
        "else": {"if": {"type": "string"}, "then": {"enum": bare}, "else": {"properties": needed}},
    }
    whole["if"] = {"required": ["defaults"]}
    layers = whole["properties"]["layers"]
    whole["else"] = {"properties": {"layers": {"description": layers["description"], **_complete(layers)}}}
    return whole


def _complete(knob: Any) -> dict[str, Any]:
    """Of a list of layers, or of such lists, that each is complete; nothing of any other knob."""
    inside = knob.get("items", {})
    if inside.get("$ref") == "#/$defs/line":
        return {"items": {"$ref": "#/$defs/complete"}}
    deeper = _complete(inside) if inside else {}
    return {"items": deeper} if deeper else {}
