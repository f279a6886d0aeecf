"""Kernels made of formulas: a loop around each, with a place for every value that it asks for."""

from __future__ import annotations

from typing import Any

from xonet.kernels import (
    Kernel,
    absolute,
    bits_to_f32,
    helper,
    in_kernels,
    kernel,
    load,
    mathematics,
    maximum,
    select,
    store,
)
from xonet.layers import LAYERS
from xonet.layers._elementwise import Elementwise, formulas
from xonet.layers._elementwise._base import VALUES
from xonet.layers._native import Native
from xonet.layers._site import Site
from xonet.program.rows import Parts, Ref


@in_kernels(formulas.maximum)
def greater(x, y):
    return maximum(x, y)


@in_kernels(formulas.minimum)
def lesser(x, y):
    return -maximum(-x, -y)


@in_kernels(formulas.absolute)
def size(x):
    return absolute(x)


@in_kernels(formulas.clip)
def clip(x, least, most):
    return -maximum(-maximum(x, least), -most)


@in_kernels(formulas.where)
def where(condition, x, y):
    return select(condition, x, y)


for word in ("exp", "expm1", "log1p", "sigmoid", "tanh", "erf"):
    in_kernels(getattr(formulas, word))(getattr(mathematics, word))

LOOP = """
def {name}({values}, {to}, count{knobs}):
    for i in range(count):
        store({to}, i, formula({given}))
"""
WORDS: dict[str, Any] = {"load": load, "bits_to_f32": bits_to_f32, "store": store}


class Pass:
    """One direction of a layer, by one of its formulas: its kernel(values ..., to, count, knobs ...)."""

    def __init__(self, kind: type[Elementwise], name: str) -> None:
        to = "y" if name.startswith("forward") else "dx"
        asked = kind.asks(name)
        self.values = [value for value in VALUES if value in asked]
        self.knobs = [knob for knob in asked if knob not in VALUES]
        text = LOOP.format(
            name=name,
            values=", ".join(self.values),
            to=to,
            knobs="".join(f", {knob}" for knob in self.knobs),
            given=", ".join(f"load({given}, i)" if given in VALUES else f"bits_to_f32({given})" for given in asked),
        )
        scope = {"__name__": kind.__module__, "formula": helper(getattr(kind, name)), **WORDS}
        exec(text, scope)
        self.kernel: Kernel = kernel(scope[name])

    def parts(self, layer: Elementwise, site: Site, to: Ref, in_place: str) -> Parts:
        """Its rows; what they write may lie over the values `in_place`, where nobody needs those later."""
        places: dict[str, Any] = {"x": site.x, "y": site.y, "dy": site.dy}
        values = [places[name] for name in self.values]
        knobs = [float(getattr(layer, knob)) for knob in self.knobs]
        aliased = (self.values.index(in_place), len(values))
        return site.by_value(self.kernel, [*values, to], site.shape.size, *knobs, in_place=aliased)


PASSES = {
    (kind, name): Pass(kind, name)
    for kind in LAYERS.members.values()
    if issubclass(kind, Elementwise)
    for name in kind.formulas()
}
"""Of every formula of every such layer."""


def lower(layer: Elementwise, site: Site) -> None:
    """Rows each way, which workers may share."""
    forward, backward = (PASSES[type(layer), layer.formula(way)] for way in ("forward", "backward"))
    site.forward_parts(forward.parts(layer, site, site.y, in_place="x"))
    if site.dx is not None:
        site.backward_parts(backward.parts(layer, site, site.dx, in_place="dy"))


NATIVE = Native(lower, lower_single=lower)
