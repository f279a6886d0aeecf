"""The JSON schema of a network file, from the declarations; run as a module, writes `schemas/network.schema.json`."""

from __future__ import annotations

import argparse
import json
import sys
from functools import cache
from pathlib import Path
from typing import Any

from xonet.data import SOURCES
from xonet.data.augment import AUGMENTATIONS
from xonet.initializers import INITIALIZERS
from xonet.language.families import Family
from xonet.layers import LAYERS
from xonet.losses import LOSSES
from xonet.network.document import Document
from xonet.optimizers import OPTIMIZERS
from xonet.schedules import SCHEDULES

FAMILIES: tuple[Family[Any], ...] = (LAYERS, LOSSES, OPTIMIZERS, SCHEDULES, INITIALIZERS, SOURCES, AUGMENTATIONS)
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
            "numbers": {
                "if": {"type": "array"},
                "then": {"items": {"$ref": "#/$defs/numbers"}},
                "else": {"type": "number"},
            },
        },
    }


def text() -> str:
    """What the schema's file holds."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def write_or_check(file: Path, text: str, module: str) -> int:
    """Write a file of the repository, or with `--check` on the command line say whether it is up to date."""
    parser = argparse.ArgumentParser(prog=f"python -m {module}", description=f"Writes {file.name}.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when the file is stale")
    check: bool = parser.parse_args().check
    if not (file.parents[1] / "pyproject.toml").is_file():
        print(f"{file.name} lies in xonet's repository, and this xonet is installed elsewhere", file=sys.stderr)
        return 2
    if not check:
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return 0
    if file.is_file() and file.read_text(encoding="utf-8") == text:
        return 0
    print(f"{file.name} is stale: run python -m {module}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(write_or_check(FILE, text(), "xonet.network.schema"))
