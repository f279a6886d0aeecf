"""The language reference, generated from the declarations; run as a module, it writes `docs/language.md`."""

from __future__ import annotations

import argparse
import inspect
import sys
from collections.abc import Container, Iterator, Mapping
from pathlib import Path
from typing import Any

from xonet.files import write_whole
from xonet.language.families import Family, OneOf
from xonet.language.faults import ENGINE
from xonet.language.fields import Field, Nested, Record
from xonet.language.kinds import Either, Kind, ListOf
from xonet.language.limits import WHOLE
from xonet.language.scalars import flow
from xonet.language.words import KINDS, example
from xonet.metrics import METRICS
from xonet.network.document import Document
from xonet.network.schema import FAMILIES

FILE = Path(__file__).parents[2] / "docs" / "language.md"
"""Where the page lies in the project's repository."""

HEAD = (Path(__file__).parent / "language_page.md").read_text(encoding="utf-8")
"""What comes before the sections."""

PLURALS = {"loss": "losses"}
TITLES = {"augmentation": "Augmentations of the training pictures", "source": "Sources of pictures"}
ABOUT = {
    "layer": "Entries of `layers`, and of `layers`, `shortcut` and `paths` in layers that hold others.",
    "loss": "For `training.loss`.",
    "metric": "For `training.metrics`; also for `monitor`, where `validation_` may stand before one, and in `expect`. "
    "Loss and accuracy are always measured, others where they are asked for, with more digits than are printed in "
    "`history.jsonl`, `result.json` and `xonet evaluate --json`. What is measured while training learns is measured "
    "before each step, on augmented pictures.",
    "optimizer": "For `training.optimizer`.",
    "schedule": "For `training.schedule`.",
    "initializer": "For `init` of a layer with weights.",
    "source": "For `data.train`, `data.validation`, `data.test` and `data.pictures`.",
    "augmentation": "Entries of `data.augment`; they apply to training pictures only, drawn anew each time.",
}
KEYS = {
    "loss": "loss",
    "metric": "metrics",
    "optimizer": "optimizer",
    "schedule": "schedule",
    "initializer": "init",
    "source": "test",
}
COUNTS = {1: "one", 2: "two", 3: "three"}


def text() -> str:
    """What the page holds."""
    parts = [HEAD, *_sections()]
    for family in FAMILIES:
        parts += _family(family)
    return "\n".join(parts).rstrip() + "\n"


def sample(family: Family[Any], word: str) -> Any:
    """A member as a user could write it, from the examples of its fields."""
    record = family.members[word]
    if family is METRICS:
        return word.replace("_k_", "_5_")
    own = {name: member for name, member in record.fields.items() if name not in family.base.fields}
    shown = {name: member.example for name, member in own.items() if member.example is not None}
    knobs = example(record.schema()) or dict([*shown.items()][:1] if "init" not in own else [])
    return {word: knobs} if knobs else word


def words(schema: Mapping[str, Any]) -> str:
    """A schema in words: `a whole number from 1, or a list of two, each a whole number from 1`."""
    if "$ref" in schema:
        noun = schema["$ref"].removeprefix("#/$defs/")
        if noun == "line":
            return "a [layer](#layers), or a list of them"
        return "a number, or lists of them" if noun == "numbers" else f"{_article(noun)} [{noun}](#{_anchor(noun)})"
    if "x-words" in schema:
        which = "`validation_` before any" if "loss" in schema["x-words"] else "any number in place of 5"
        return f"the name of a [metric](#metrics), such as `f1` or `top_5_accuracy` ({which})"
    if "enum" in schema:
        *others, last = (f"`{flow(word)}`" for word in schema["enum"])
        return f"{', '.join(others)} or {last}" if others else last
    if "then" in schema:
        ways = [words(schema["then"]), words(schema["else"])]
        return ", or ".join(reversed(ways) if schema["if"].get("type") == "array" else ways)
    if "items" in schema:
        return _list(schema)
    if "x-keys" in schema:
        value = words(next(iter(schema["patternProperties"].values())))
        return f"a mapping, each key {schema['x-keys']}, each value {value}"
    if schema.get("additionalProperties"):
        return f"a mapping, each value {words(schema['additionalProperties'])}"
    if schema.get("additionalProperties") == {}:
        return "a mapping of names to anything"
    if "patternErrorMessage" in schema:
        return f"text: {schema['patternErrorMessage'].removeprefix('use ')}"
    return f"{KINDS[schema['type']]}{_bounds(schema)}" if "type" in schema else "anything"


def _list(schema: Mapping[str, Any]) -> str:
    low, high = schema.get("minItems", 0), schema.get("maxItems")
    if low == high:
        count = f" of {COUNTS.get(low, low)}"
    else:
        count = f" of at least {COUNTS.get(low, low)}" if low else ""
    each = words(schema["items"])
    each = f"({each})" if ", or" in each else each
    return f"a list{count}, each {each}{', all different' if schema.get('uniqueItems') else ''}"


def _bounds(schema: Mapping[str, Any]) -> str:
    """A field's own bounds; those of every number stand in `HEAD`."""
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    low, high = (
        None if other is not None or abs(schema.get(key, WHOLE)) in ENGINE else schema[key]
        for key, other in (("minimum", above), ("maximum", below))
    )
    said = [f"from {low}"] * (low is not None) + [f"above {above}"] * (above is not None)
    said += [f"up to {high}"] * (high is not None) + [f"below {below}"] * (below is not None)
    return "".join(f" {part}" for part in said)


def _article(noun: str) -> str:
    return "an" if noun[0] in "aeiou" else "a"


def _title(noun: str) -> str:
    return TITLES.get(noun, PLURALS.get(noun, f"{noun}s").capitalize())


def _anchor(noun: str) -> str:
    return _title(noun).lower().replace(" ", "-")


def _sections() -> Iterator[str]:
    """The file's own keys, then each section that is a mapping."""
    yield "## Sections\n\n`networks/xo.yaml` is a whole file, with comments.\n"
    yield from _table(Document)
    for name, member in Document.fields.items():
        yield from _nested(name, member)


def _nested(path: str, member: Field) -> Iterator[str]:
    """A section, and what is nested in it."""
    kind = member.kind
    if not isinstance(kind, Nested) or len(kind.record.fields) == 1:
        return
    yield f"### `{path}`\n\n{_doc(kind.record)}\n"
    yield from _table(kind.record)
    if member.example is not None:
        yield _yaml(path.split(".")[-1], member.example)
    for name, inner in kind.record.fields.items():
        yield from _nested(f"{path}.{name}", inner)


def _family(family: Family[Any]) -> Iterator[str]:
    links = ", ".join(f"[{word}](#{family.noun}-{word})" for word in family.members)
    yield f"## {_title(family.noun)}\n\n{ABOUT.get(family.noun, '')}\n\n{links}\n"
    shared = {name: member for name, member in family.base.fields.items() if _everywhere(family, name)}
    if shared:
        yield f"Each takes:\n\n{''.join(_rows(shared))}"
    for word, record in family.members.items():
        yield f"### {family.noun} `{word}`\n\n{_doc(record)}\n"
        yield _written(family, word)
        yield from _table(record, skip=set(shared))


def _everywhere(family: Family[Any], name: str) -> bool:
    member = family.base.fields[name]
    return all(record.only_field or record.fields.get(name) is member for record in family.members.values())


def _written(family: Family[Any], word: str) -> str:
    plain: Any = sample(family, word)
    if family.noun in ("layer", "augmentation"):
        return f"```yaml\n- {_line(plain)}\n```\n"
    return _yaml(KEYS[family.noun], [plain] if family is METRICS else plain)


def _yaml(key: str, plain: Any) -> str:
    shown = f"{{{_line(plain)}}}" if isinstance(plain, dict) and len(plain) == 1 else _line(plain)
    return f"```yaml\n{key}: {shown}\n```\n"


def _line(plain: Any) -> str:
    """`word: {knob: value}` without braces around it, where that is what it is."""
    return flow(plain)[1:-1] if isinstance(plain, dict) and len(plain) == 1 else flow(plain)


def _doc(record: type[Record]) -> str:
    return inspect.getdoc(record) or ""


def _table(record: type[Record], skip: Container[str] = ()) -> Iterator[str]:
    if record.only_field:
        kind = record.fields[record.only_field].kind
        yield f"Written as just its value: {_kind(kind)}. {record.fields[record.only_field].help}\n"
        if isinstance(kind, ListOf) and isinstance(kind.kind, Nested):
            yield from _table(kind.kind.record)
        return
    fields = {name: member for name, member in record.fields.items() if name not in skip}
    if fields:
        yield "".join(_rows(fields, _asked_by_form(record)))


def _asked_by_form(record: type[Record]) -> set[str]:
    """Knobs that are needed in the last of a record's forms: a picture's height, where no `features` are written."""
    return set((form := record.schema().get("else", {})).get("else", form).get("required", []))


def _rows(fields: Mapping[str, Field], asked: Container[str] = ()) -> Iterator[str]:
    yield "| knob | takes | default | |\n|---|---|---|---|\n"
    for name, member in fields.items():
        default = "" if member.default is None else f"`{flow(member.default)}`"
        if member.required or name in asked:
            default = "required" if member.required else f"required unless `{_instead(fields)}` is written"
        cells = (f"`{name}`", _kind(member.kind), default, member.help)
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"


def _instead(fields: Mapping[str, Field]) -> str:
    return "` or `".join(name for name in ("features", "labels", "values") if name in fields)


def _kind(kind: Kind) -> str:
    if isinstance(kind, Nested) and len(kind.record.fields) == 1:
        [(name, only)] = kind.record.fields.items()
        return f"`{{{name}: …}}`, {_kind(only.kind)}"
    if isinstance(kind, Nested):
        return "a mapping"
    if isinstance(kind, ListOf) and isinstance(kind.kind, Nested):
        return "a list of mappings"
    if isinstance(kind, ListOf) and isinstance(kind.kind, OneOf):
        noun = kind.kind.family.noun
        least = f"at least {COUNTS[kind.minimum]}: " if kind.minimum else ""
        return f"a list of [{PLURALS.get(noun, noun + 's')}](#{_anchor(noun)}){', ' + least[:-2] if least else ''}"
    if isinstance(kind, Either) and words(kind.other.schema()) == words(kind.many.kind.schema()):
        return f"{words(kind.other.schema())}, or a list of {COUNTS.get(kind.many.maximum or 0, 'them')}"
    return words(kind.schema())


def main() -> int:
    """Write the page, or with `--check` on the command line say whether it is up to date."""
    parser = argparse.ArgumentParser(prog="python -m xonet.network.language_page", description=f"Writes {FILE.name}.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the file is out of date")
    check: bool = parser.parse_args().check
    if not (FILE.parents[1] / "pyproject.toml").is_file():
        print(f"{FILE.name} is part of xonet's repository, and this xonet is installed elsewhere", file=sys.stderr)
        return 2
    if not check:
        FILE.parent.mkdir(exist_ok=True)
        write_whole(FILE, text())
        return 0
    if FILE.is_file() and FILE.read_text(encoding="utf-8") == text():
        return 0
    print(f"{FILE.name} is out of date: run python -m xonet.network.language_page", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
