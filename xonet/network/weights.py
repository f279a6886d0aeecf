"""What `weights:` says: parameters that begin as a file has them."""

from __future__ import annotations

from typing import Any

from xonet.language.fields import Record, field
from xonet.language.kinds import Kind, ListOf, Text
from xonet.language.nodes import Node


class Weights(Record):
    """A file of arrays by name."""

    file: str = field(
        Text(),
        "A safetensors file, such as a model file.",
        example="lenet.safetensors",
        also=("path", "from", "checkpoint"),
    )
    skip: tuple[str, ...] = field(
        ListOf(Text()),
        "Layers, or parameters, that begin as if there were no file, and what the file has of them.",
        default=[],
        example=["layers.7"],
        also=("exclude", "ignore"),
    )

    def skips(self, name: str) -> bool:
        """Whether a parameter is not to be taken."""
        return any(name == skipped or name.startswith(f"{skipped}.") for skipped in self.skip)


class WeightsFile(Kind):
    """A file's name alone, or a mapping with it."""

    def schema(self) -> dict[str, Any]:
        """By type."""
        return {"if": {"type": "object"}, "then": Weights.schema(), "else": Text().schema()}

    def value(self, plain: Any) -> Any:
        """The record."""
        return (
            plain if isinstance(plain, Weights) else Weights(**(plain if isinstance(plain, dict) else {"file": plain}))
        )

    def read(self, node: Node) -> Any:
        """The record, knowing its place."""
        whole = node if isinstance(node.value, dict) else Node({"file": node}, node.span, keys={"file": node.span})
        return Weights.read(whole)
