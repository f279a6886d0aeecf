"""Which value of the file an option of another tool is: `--lr` is `training.optimizer.adam.learning_rate`."""

from __future__ import annotations

import shlex
from typing import Any

OTHER_NAMES = {"optim": "optimizer", "opt": "optimizer", "b": "batch_size", "e": "epochs", "manual-seed": "seed"}
"""Short names, beside those that the language itself knows."""

ELSEWHERE = {
    **dict.fromkeys(("validation-split", "val-split", "val-size", "valid-size"), "data.validation.share"),
    "name": "name",
}
"""What is no value of `training`."""


COMMON = ("adam", "sgd", "cosine")
"""Of which members a knob is shown where the file's own are not known."""


def setting(option: str, value: str, file: str) -> str:
    """What to write for an option of that name (without dashes), as a sentence; empty where no value is called so.

    `file` is the network file that was named, or empty: a knob of the optimizer stands below the optimizer's name.
    """
    from xonet.losses import LOSSES
    from xonet.network.document import EarlyStopping, Training
    from xonet.optimizers import OPTIMIZERS
    from xonet.schedules import SCHEDULES

    option = OTHER_NAMES.get(option, option)
    if option in ELSEWHERE:
        return _set(ELSEWHERE[option], value)
    families = {family.noun: family for family in (LOSSES, OPTIMIZERS, SCHEDULES)}
    own = _own(file)
    knob = _knob(option, Training)
    if knob in families:
        return _member(families[knob], value, own.get(knob, ""))
    if knob:
        flag = Training.schema()["properties"][knob].get("type") == "boolean"
        return _set(f"training.{knob}", value or ("true" if flag else ""))
    if knob := _knob(option, EarlyStopping):
        return _set(f"training.early_stopping.{knob}", value)
    for noun, family in families.items():
        having = {word: knob for word, member in family.members.items() if (knob := _knob(option, member))}
        if not having:
            continue
        word = own.get(noun) or next((common for common in COMMON if common in having), next(iter(having)))
        if word not in having:
            *most, last = having
            others = f"{', '.join(most)} and {last}" if most else last
            return f"{word}, the {noun} of {file}, has no {option}: it is a knob of {others}"
        said = _set(f"training.{noun}.{word}.{having[word]}", value)
        return said if own else f"{said} where {word} is the {noun} of your file"
    return ""


def _knob(option: str, record: Any) -> str:
    """The knob of a record that an option is, whatever its spelling; empty where it is none."""
    from xonet.language.spelling import meant

    guess = meant(option, record.schema()["properties"])
    return guess.word if guess.certain else ""


def _member(family: Any, value: str, own: str) -> str:
    """What to write for `--optimizer value`, where the file has `own`."""
    from xonet.language.scalars import flow
    from xonet.language.spelling import meant
    from xonet.language.words import example

    named = family.schema()["else"]
    guess = meant(value, named["properties"], named.get("x-advice"))
    if not (guess.certain or guess.foreign) or not guess.word:
        why = guess.advice or f"there are {', '.join(family.members)}"
        return f"there is no {family.noun} {value}: {why}"
    if guess.word == own:
        return f"omit it: the file already has {own}"
    sample = example(family.members[guess.word].schema())
    return _set(f"training.{family.noun}", flow({guess.word: sample}) if sample else guess.word)


def _own(file: str) -> dict[str, str]:
    """The members that training has in a network or model file; none where it cannot be read."""
    from xonet.cli._arguments import open_network
    from xonet.diagnostics import InvalidNetwork
    from xonet.losses import LOSSES
    from xonet.optimizers import OPTIMIZERS
    from xonet.schedules import SCHEDULES

    try:
        training = open_network(file).document.training if file else None
    except (InvalidNetwork, OSError, ValueError):
        return {}
    if training is None:
        return {}
    return {
        "loss": LOSSES.word(training.loss),
        "optimizer": OPTIMIZERS.word(training.optimizer),
        "schedule": SCHEDULES.word(training.schedule),
    }


def _set(place: str, value: str) -> str:
    return f"write --set {shlex.quote(f'{place}={value}')}" if value else f"write --set {place}=VALUE"
