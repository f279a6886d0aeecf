"""Rows of `dense`."""

from __future__ import annotations

import numpy as np

from xonet.kernels import LANES, RELU, sliding
from xonet.kernels.registers import Register
from xonet.kernels.tables import Block, LineSpan, WideSteps, table
from xonet.layers._native import Native, ReluFusion
from xonet.layers._single import blocks_of, multiply
from xonet.layers._single_site import SingleSite
from xonet.layers._site import Site
from xonet.layers._tables import feature_blocks, widest_tile
from xonet.layers.dense import Dense
from xonet.program.alignment import rounded
from xonet.program.rows import WORTH_SHARING, Parts, Ref, Row

COLUMNS = 64
"""Columns of weights that are laid beside each other at a time: cache lines that lie in a row."""
WIDE = 1 << 14
"""Weights from which on a layer takes all groups at once, where values are few beside weights."""


def lower(layer: Dense, site: Site) -> None:
    """Forward and the input's gradient walk the same weights, along their rows or down their columns."""
    if site.program.wide and layer.units * site.shape.size >= WIDE:
        _lower_wide(layer, site)
        return
    units, inputs = layer.units, site.shape.size
    scale = layer.mean_scale(inputs)
    weights = site.parameter("weights")
    blocks = table(Block, feature_blocks(units))
    site.forward_parts(
        [
            [
                site.row(
                    sliding.dense_forward, site.x, weights, site.bias, site.y, blocks[part.start : part.stop],
                    len(part), inputs, 1, inputs, scale, RELU if site.fused_relu else 0,
                )
            ]
            for part in site.shares(len(blocks), units * inputs)
        ]
    )  # fmt: skip
    if site.dy is None:
        return
    gradients: Parts = []
    shifts: Parts = []
    dx: Parts = []
    if (gradient := site.gradient("weights")) is not None:
        flipped = site.program.take_scratch(-(-inputs // LANES) * LANES * LANES)
        gradients = [
            [
                site.row(
                    sliding.gradient_of_dense, site.dy, site.x, gradient, flipped, units, inputs,
                    blocks[part.start : part.stop], len(part), widest_tile(), scale,
                )
            ]
            for part in site.shares(len(blocks), units * inputs)
        ]  # fmt: skip
    if (gradient := site.gradient("bias")) is not None:
        shifts = [[site.row(sliding.gradient_of_bias, site.dy, gradient, 1, units, units)]]
    if site.dx is not None:
        blocks = table(Block, feature_blocks(inputs))
        dx = [
            [
                site.row(
                    sliding.dense_forward, site.dy, weights, 0, site.dx, blocks[part.start : part.stop], len(part),
                    1, inputs, units, scale, 0,
                )
            ]
            for part in site.shares(len(blocks), units * inputs)
        ]  # fmt: skip
    site.backward_parts(site.program.together(gradients, shifts, dx))


def _lower_wide(layer: Dense, site: Site) -> None:
    """All groups of a step at once, cut by features: weights are read once, and their gradient is written once."""
    units, inputs = layer.units, site.shape.size
    scale = layer.mean_scale(inputs)
    weights = site.parameter("weights")
    groups, stride = site.groups, Ref(Register.GROUP_STRIDE)
    flags = RELU if site.fused_relu else 0
    site.forward_at_once(
        [
            site.row(
                sliding.dense_forward_of_groups, site.x, weights, site.bias, site.y, own, len(own), inputs, scale,
                flags, groups, stride, widest_tile(),
            )
            for own in _blocks(units, inputs)
        ]
    )  # fmt: skip
    if site.dy is None:
        return
    rows: list[Row] = []
    if (gradient := site.gradient("bias")) is not None:
        site.backward(sliding.gradient_of_bias, site.dy, gradient, 1, units, units)
    if (gradient := site.gradient_once("weights")) is not None:
        flipped = site.program.take_activations(rounded(inputs))
        site.backward(sliding.lay_lane_by_lane, site.x, flipped, inputs)
        rows += [
            site.row(
                sliding.gradient_of_dense_of_groups, site.dy, flipped, gradient, inputs, own, len(own), widest_tile(),
                scale, groups, stride,
            )
            for own in _blocks(units, inputs)
        ]  # fmt: skip
    if site.dx is not None:
        cuts = _blocks(inputs, units, COLUMNS)
        most = max(sum(size for size, _ in own) for own in cuts)
        packed = site.program.take_scratch(units * -(-most // LANES) * LANES)
        rows += [
            site.row(
                sliding.dense_input_gradient_of_groups, site.dy, weights, site.dx, own, len(own), packed, inputs,
                units, scale, groups, stride, widest_tile(),
            )
            for own in cuts
        ]  # fmt: skip
    site.backward_at_once(rows)


def _blocks(features: int, products: int, least: int = 1) -> list[np.ndarray]:
    """Blocks of features for each row: some microseconds of work, and `least` features."""
    blocks = table(Block, feature_blocks(features))
    parts = max(1, min(len(blocks), features // least, features * products // WORTH_SHARING))
    return [blocks[len(blocks) * n // parts : len(blocks) * (n + 1) // parts] for n in range(parts)]


def lower_single(layer: Dense, site: SingleSite) -> None:
    """One row of features as one tile, or a few; the values it looks at may have gaps between pixels."""
    steps = site.pixels * site.channels
    index = np.arange(layer.units * steps).reshape(layer.units, steps)
    blocks = blocks_of(layer.units, steps)
    spans = [LineSpan(1, 0, 0, 0, 0, 1, 0, site.pixels, 0, 1)]
    strides = WideSteps(0, site.pixel_stride, site.channels, site.pixel_stride == site.channels, site.pixels)
    multiply(site, index, blocks, spans, strides, layer.mean_scale(steps))


NATIVE = Native(lower, lower_single, relu=ReluFusion.EPILOGUE)
