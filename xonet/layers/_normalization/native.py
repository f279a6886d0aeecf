"""Rows of layers that normalize each picture by itself: one each way."""

from __future__ import annotations

import math

from xonet.kernels import LANES
from xonet.kernels import picture_norms as norms
from xonet.layers._native import Native, ReluFusion
from xonet.layers._normalization import Normalization
from xonet.layers._single_site import NoSinglePicture, SingleSite
from xonet.layers._site import Site
from xonet.program.rows import Argument, Ref, Row


class Rows:
    """What the rows for a group of pictures are made of."""

    def __init__(self, layer: Normalization, site: Site) -> None:
        self.layer, self.site, self.sets = layer, site, layer.sets(site.shape)
        self.pixel_stride = site.shape.channels
        self.scale, self.shift, self.step = _affine(layer, site)
        self.found = site.program.take_activations(2 * self.sets.spans * self.sets.groups)
        self.sums = site.program.take_scratch(2 * (self.pixel_stride + self.sets.groups) * LANES)

    def forward(self, spans: range, groups: range) -> Row:
        """Some of the sets."""
        places = [self._values(place, spans, groups) for place in (self.site.x, self.site.y)]
        own = [_from(place, groups.start * self.sets.width) for place in (self.scale, self.shift)]
        more = (int(self.layer.centered), self.layer.epsilon, self.site.fused_relu)
        row = self.site.row(norms.forward, *places, *own, *self._sets(spans, groups), *more)
        return row._replace(in_place=(0, 1))

    def backward(self, groups: range) -> Row:
        """Some of the groups: what is added up over spans is not cut."""
        spans, first = range(self.sets.spans), groups.start * self.sets.width
        assert self.site.dy is not None, "it learns"
        values = (self.site.x, self.site.dy, self.site.dx)
        places = [0 if place is None else self._values(place, spans, groups) for place in values]
        own = [_from(place, first) for place in (self.scale, self.shift)]
        found, sums, *sets = self._sets(spans, groups)
        gradients = [self.site.gradient(name) for name in ("scale", "shift")]
        sought = [0 if place is None else place.plus(first) for place in gradients]
        more = (int(self.layer.centered), self.site.fused_relu)
        row = self.site.row(norms.backward, *places, *own, found, sums, *sought, *sets, *more)
        return row._replace(in_place=(1, 2) if self.site.dx is not None else None)

    def _values(self, place: Ref, spans: range, groups: range) -> Ref:
        first = spans.start * self.sets.pixels * self.pixel_stride + groups.start * self.sets.width
        return place.plus(first * LANES)

    def _sets(self, spans: range, groups: range) -> tuple[Argument, ...]:
        found = self.found.plus(2 * (spans.start * self.sets.groups + groups.start) * LANES)
        _, pixels, _, width = self.sets
        return found, self.sums, len(spans), pixels, len(groups), width, self.pixel_stride, self.step


def lower(layer: Normalization, site: Site) -> None:
    """One row each way, which workers share by groups of channels, or by pixels."""
    rows, size = Rows(layer, site), site.shape.size
    every = range(rows.sets.spans), range(rows.sets.groups)
    if rows.sets.spans > 1:
        site.forward_parts([[rows.forward(part, every[1])] for part in site.shares(rows.sets.spans, size)])
    else:
        site.forward_parts([[rows.forward(every[0], part)] for part in site.shares(rows.sets.groups, size)])
    if site.dy is not None:
        site.backward_parts([[rows.backward(part)] for part in site.shares(rows.sets.groups, size)])


def lower_single(layer: Normalization, site: SingleSite) -> None:
    """One row; not for values that a picture left with gaps between them."""
    if site.pixels > 1 and not site.output_shape.is_picture:
        raise NoSinglePicture
    scale, shift, step = _affine(layer, site)
    sums = site.program.take_scratch(2 * site.forms[0].pixel_stride)
    more = (step, int(layer.centered), layer.epsilon, site.fused_relu)
    sets = layer.sets(site.operation.inputs[0].shape)
    site.forward(norms.forward_of_one, site.x, site.y, scale, shift, sums, *sets, *more)


def _affine(layer: Normalization, site: Site) -> tuple[Argument, Argument, int]:
    """Scale and shift, ones and zeros for those that are not wanted, and how many lie between pixels."""
    shape = site.operation.inputs[0].shape
    own = layer.parameter_shape(shape)
    size = math.prod(own)
    scale, shift = site.parameter_or("scale", 1.0, size), site.parameter_or("shift", 0.0, size)
    by_value = size > shape.channels and (layer.scale or layer.shift)
    return scale, shift, shape.channels * by_value


def _from(place: Argument, first: int) -> Argument:
    """Numbers from one on; of a table, in which all are alike, the first ones."""
    return place.plus(first) if isinstance(place, Ref) else place


NATIVE = Native(lower, lower_single, relu=ReluFusion.EPILOGUE_BOTH_WAYS)
