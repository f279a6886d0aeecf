"""What a layer is that treats every value alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from xonet.layers import Layer

VALUES = ("x", "y", "dy")
"""What a formula may ask for by these names: the layer's input, its output, and the loss's gradient by that."""

INPLACE = {"inplace": "remove it: memory is managed for you"}
"""Advice for layers that have this knob in PyTorch."""


class Elementwise(Layer):
    """Base of a layer that makes each value of its output from the same value of its input.

    A layer adds two static methods, over values of any shape:

        forward(x, ...) -> y
        backward(x and y or one of them, dy, ...) -> dx

    The dots are knobs of the layer, by their names: numbers. Backward asks for `y` rather than `x` where both would do:
    then the input's memory is free for others. What they are made of is in `formulas`, and arithmetic. A layer with a
    knob that chooses among formulas has further pairs, such as `forward_tanh` and `backward_tanh`, and a method
    `formula` that says which of them holds.

    Raises:
        TypeError: when such a layer is declared without one of them, or one asks for what there is not.
    """

    parts = "xonet.layers._elementwise"

    forward: ClassVar[Callable[..., Any]]
    backward: ClassVar[Callable[..., Any]]

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        for name in cls.formulas():
            if not isinstance(vars(cls).get(name), staticmethod):
                raise TypeError(f"{cls.__name__} needs a @staticmethod {name}")
            needed = ("x",) if name.startswith("forward") else ("dy",)
            asked = cls.asks(name)
            allowed = needed if name.startswith("forward") else VALUES
            if lacking := [value for value in needed if value not in asked]:
                raise TypeError(f"{cls.__name__}.{name} needs {lacking[0]} among its parameters")
            if strange := [value for value in asked if value not in (*allowed, *cls.fields)]:
                raise TypeError(f"{cls.__name__}.{name} asks for {strange[0]}, which is neither a value nor a knob")

    def formula(self, way: str) -> str:
        """The name of the formula that its knobs choose, for a way: `forward` or `backward`; by default the way's."""
        return way

    @classmethod
    def formulas(cls) -> list[str]:
        """The names of all its formulas; of each `forward...` there must be a `backward...`."""
        endings = [name.removeprefix("forward") for name in vars(cls) if name.startswith("forward")] or [""]
        return [f"{way}{ending}" for ending in endings for way in ("forward", "backward")]

    @classmethod
    def asks(cls, name: str) -> tuple[str, ...]:
        """The parameters of a formula, `forward` or `backward`."""
        code = getattr(cls, name).__code__
        return tuple(code.co_varnames[: code.co_argcount])
