"""Rows of `conv_transpose2d`: those of a convolution with forward and backward in each other's place."""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

import numpy as np

from xonet.kernels.tables import Visit, WideSteps
from xonet.language.shapes import Axis
from xonet.layers._native import Native, ReluFusion
from xonet.layers._single import blocks_of, multiply, spans_among
from xonet.layers._single_site import NoSinglePicture, SingleSite
from xonet.layers._site import Site
from xonet.layers._sliding import lower_sliding
from xonet.layers._tables import backward_visits
from xonet.layers.conv_transpose2d import ConvTranspose2d


def lower(layer: ConvTranspose2d, site: Site) -> None:
    """Values are summed where they land."""
    lower_sliding(layer, site, layer.groups, transposed=True)


def lower_single(layer: ConvTranspose2d, site: SingleSite) -> None:
    """One picture: places a stride apart are a convolution by themselves, with the weights that reach them."""
    if layer.groups != 1:
        raise NoSinglePicture
    rows, columns = layer.axes(site.operation.inputs[0].shape)
    x_steps = columns.output * site.pixel_stride, site.pixel_stride
    y_row, y_pixel = columns.input * site.y_pixel_stride, site.y_pixel_stride
    y_steps = rows.stride * y_row, columns.stride * y_pixel
    index = np.arange(site.features * layer.area * site.channels)
    index = index.reshape(site.features, *layer.kernel_size, site.channels)[:, ::-1, ::-1]
    for i, j in product(_phases(rows), _phases(columns)):
        own = index[:, i.taps][:, :, j.taps].reshape(site.features, -1)
        spans = spans_among(i.visits, j.visits, x_steps, x_steps, y_steps)
        at = i.first * y_row + j.first * y_pixel
        merged = j.step == 1 and site.pixel_stride == site.channels
        steps = WideSteps(i.step * x_steps[0], j.step * x_steps[1], site.channels, merged, len(j.taps))
        multiply(
            site, own, blocks_of(site.features, own.shape[1], pixels=2),
            [span._replace(y=span.y + at) for span in spans], steps, layer.scale,
        )  # fmt: skip


class Phase(NamedTuple):
    """Every stride-th place along an axis of the output, from the `first` on: they are reached by the same weights."""

    first: int
    visits: list[Visit]
    """What each sees, as `taps` count."""
    taps: list[int]
    """Those weights' places in the window, back to front."""
    step: int
    """From one of those taps to the next, in the input."""


def _phases(axis: Axis) -> list[Phase]:
    visits, source_step, tap_step = backward_visits(axis)
    found = []
    for first in range(min(axis.stride, len(visits))):
        own = visits[first :: axis.stride]
        begin = min((visit.first % tap_step for visit in own if visit.taps), default=0)
        own = [visit._replace(first=visit.first // tap_step) for visit in own]
        found.append(Phase(first, own, [*range(begin, axis.window, tap_step)], source_step))
    return found


NATIVE = Native(lower, lower_single, relu=ReluFusion.EPILOGUE, folds_norm=True)
