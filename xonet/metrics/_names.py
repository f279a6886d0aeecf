"""How a file names metrics: in `metrics`, and where one is monitored."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from xonet.language.kinds import Kind
from xonet.metrics._base import METRICS, NUMBERED

VALIDATION = "validation_"


class MetricName(Kind):
    """The name of a metric; where one is monitored, also a loss, and either on the validation data."""

    def __init__(self, *, monitored: bool = False) -> None:
        self.monitored = monitored

    def schema(self) -> dict[str, Any]:
        """One of a list of names, or one with a number in it; with names from elsewhere."""
        schemas = {word: {"x-also": list(METRICS.members[word].also)} for word in METRICS.names}
        advice = dict.fromkeys(METRICS.absent, "it is not available; `xonet catalogue` lists every metric")
        advice |= METRICS.advice
        pattern = f"^{NUMBERED}$"
        if self.monitored:
            advice = {other: text for other, text in advice.items() if other != "loss" and "write" in text}
            schemas = {"loss": {"x-also": []}, **schemas}
            schemas |= {f"{VALIDATION}{word}": {"x-also": _validations(word, other)} for word, other in schemas.items()}
            advice |= {
                f"{short}_{other}": text.replace("write ", f"write {VALIDATION}")
                for other, text in advice.items()
                for short in ("val", "validation")
            }
            pattern = f"^({VALIDATION})?{NUMBERED}$"
        return {
            "type": "string",
            "anyOf": [{"enum": list(schemas)}, {"pattern": pattern}],
            "x-noun": METRICS.noun,
            "x-words": schemas,
            "x-advice": advice,
        }


def _validations(word: str, schema: dict[str, Any]) -> list[str]:
    others = [word, *schema["x-also"]]
    return [f"val_{other}" for other in others] + [f"{VALIDATION}{other}" for other in others[1:]]


def asked_for(names: Iterable[str], *monitoring: Any) -> list[str]:
    """Metrics by name, each once: those that are named, and those that a record with a `monitor` follows."""
    monitored = [each.monitor for each in monitoring if hasattr(each, "monitor")]
    every = [name.removeprefix(VALIDATION) for name in (*names, *monitored)]
    return [name for name in dict.fromkeys(every) if name != "loss"]


def rises(monitor: str) -> bool:
    """Whether more of what is monitored is better: a column of the history, with or without `validation_`."""
    name = monitor.removeprefix(VALIDATION)
    return name != "loss" and METRICS.named(name).rises
