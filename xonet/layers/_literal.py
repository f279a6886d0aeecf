"""Literal numbers in a file: whether nested lists have the shape of the parameter they stand for."""

from __future__ import annotations

from typing import Any

from xonet.language.shapes import Misfit, Shape


def literal_shape(literal: Any) -> tuple[int, ...] | None:
    """The shape of nested lists of numbers, `()` for one number; None where lists beside each other differ."""
    if not isinstance(literal, list | tuple):
        return ()
    shapes = {literal_shape(item) for item in literal}
    if len(shapes) != 1:
        return None
    inner = shapes.pop()
    return None if inner is None else (len(literal), *inner)


def must_match(literal: Any, shape: tuple[int, ...], knob: str) -> None:
    """Refuse literal numbers that are not of `shape`: lengths of 1 may be left out, one number stands for all.

    Raises:
        Misfit: `literal-shape`, pointing at `knob`.
    """
    written = literal_shape(literal)
    if literal is None or written == ():
        return
    if written is not None and _longer_than_one(written) == _longer_than_one(shape):
        return
    wanted = Shape(_longer_than_one(shape) or (1,))
    raise Misfit(
        "literal-shape",
        f"{knob} must be {wanted} numbers, but "
        + (f"these are {Shape(written)}" if written else "neighbouring lists differ in length here"),
        knob=knob,
        help=f"write {wanted} numbers" + (", as nested lists, the first length outermost" if wanted[1:] else ""),
    )


def _longer_than_one(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(length for length in shape if length != 1)
