"""What a layer can do natively, declared in one object: `NATIVE = Native(...)`, checked when it is loaded.

A layer's package has it in `native.py`, beside its kernels.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import Enum
from functools import cache
from typing import Any, ClassVar, Protocol

from xonet.language.shapes import Shape
from xonet.layers import LAYERS, Layer
from xonet.program.rows import Parts, Ref, Row


class ReluFusion(Enum):
    """Whose relu a layer computes along with its own work; it then finds `site.fused_relu` set."""

    NONE = "none"
    EPILOGUE = "epilogue"
    """That of a relu after it, forward; on the way back its output's gradient is masked before it is asked."""
    EPILOGUE_BOTH_WAYS = "epilogue, both ways"
    """That of a relu after it, forward and back."""
    PROLOGUE = "prologue"
    """That of a relu before it, forward and back."""


class FusedRows(Protocol):
    """A layer that works on each pixel by itself, and so on any of them as soon as they are there."""

    in_training: ClassVar[bool]
    """Whether it does so in training, or outside it."""

    def consume(self, first: int, count: int) -> Parts:
        """Forward: at pixels of its input, at each once; a part is one row, and all calls give as many."""

    def produce(self, to: Ref, first: int, count: int, pixel_stride: int, channels: range) -> Row:
        """Pixels of its output, some channels, to a place where they lie so many float32 apart."""

    def consume_gradient(self, first: int, count: int) -> Parts:
        """Back: at pixels of its output's gradient, at each once; a part is one row, and all calls give as many."""

    def produce_gradient(self, to: Ref, first: int, count: int, pixel_stride: int, channels: range) -> Row:
        """Pixels of its input's gradient, some channels, to a place where they lie so many float32 apart."""


def _never(layer: Any, shape: Shape) -> bool:
    return False


@dataclass(frozen=True)
class Native:
    """How a layer runs natively, and what it can do along with its neighbours' work.

    Raises:
        TypeError: where a part is not what it must be, or is of no use without another.
    """

    lower: Callable[[Any, Any], None]
    """`lower(layer, site)` adds its rows for groups of sixteen pictures, at a `Site`."""
    lower_single: Callable[[Any, Any], None] | None = None
    """The same for one picture, at a `SingleSite`; without it, one picture takes as long as sixteen."""
    relu: ReluFusion = ReluFusion.NONE
    folds_norm: bool = False
    """Outside training, it takes the batch_norm after it into its weights (`site.norm`)."""
    pixel_by_pixel: Callable[[Any, Shape], bool] = _never
    """`pixel_by_pixel(layer, shape)`: it reads and writes pixels some at a time, and tells others so (`site.bring`,
    `site.consume`, and the same for gradients)."""
    fused_rows: Callable[[Any, Any], Any] | None = None
    """Its `FusedRows`, made of (layer, site), which a neighbour that goes pixel by pixel calls on: in training, or
    outside it, as its `in_training` says."""
    gradient_in_place: Callable[[Any, Shape], bool] = _never
    """`gradient_in_place(layer, shape)`: its input's gradient may lie where its output does, if that goes by pixel."""
    takes_planes: Callable[[Any, Shape], bool] = _never
    """`takes_planes(layer, shape)`: for one picture, its input may lie as [row][channel][sixteens of pixels]."""

    def __post_init__(self) -> None:
        """Check that each part is what it must be."""
        for name in ("lower", "pixel_by_pixel", "gradient_in_place", "takes_planes"):
            _must_be(callable(getattr(self, name)), f"{name} is a function")
        for name in ("lower_single", "fused_rows"):
            _must_be(getattr(self, name) is None or callable(getattr(self, name)), f"{name} is a function, or None")
        _must_be(isinstance(self.relu, ReluFusion), "relu is a ReluFusion")
        _must_be(isinstance(self.folds_norm, bool), "folds_norm is True or False")
        whole = self.fused_rows is None or isinstance(getattr(self.fused_rows, "in_training", None), bool)
        _must_be(whole, "fused_rows says in_training = True or False")
        _must_be(
            self.gradient_in_place is _never or self.pixel_by_pixel is not _never,
            "gradient_in_place needs pixel_by_pixel",
        )
        _must_be(self.takes_planes is _never or self.lower_single is not None, "takes_planes needs lower_single")


def _must_be(fits: bool, rule: str) -> None:
    if not fits:
        raise TypeError(f"Native: {rule}")


def native_of(layer: Layer) -> Native:
    """What a layer declares.

    Raises:
        TypeError: where it declares nothing, or leaves out what stands in its file.
    """
    kind: Any = type(layer)
    return _declared(kind)


@cache
def _declared(kind: type[Layer]) -> Native:
    module = LAYERS.part(kind, "native")
    native = getattr(module, "NATIVE", None)
    if not isinstance(native, Native):
        raise TypeError(f"{module.__name__} needs NATIVE = Native(lower, ...)")
    for part in fields(Native):
        if hasattr(module, part.name) and getattr(module, part.name) is not getattr(native, part.name):
            raise TypeError(f"{module.__name__} has {part.name}, and its NATIVE does not: write {part.name} into it")
    return native
