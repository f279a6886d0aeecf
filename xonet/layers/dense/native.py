"""Rows of `dense`."""

from __future__ import annotations

import numpy as np

from xonet.kernels import LANES, RELU, sliding
from xonet.kernels.tables import Block, LineSpan, WideSteps, table
from xonet.layers._single import blocks_of, multiply
from xonet.layers._single_site import SingleSite
from xonet.layers._site import Site
from xonet.layers._tables import feature_blocks, widest_tile
from xonet.layers.dense import Dense
from xonet.program.rows import Parts

RECTIFIES = "output"


def lower(layer: Dense, site: Site) -> None:
    """Forward and the input's gradient walk the same weights, along their rows or down their columns."""
    units, inputs = layer.units, site.shape.size
    scale = 1.0 / inputs if layer.reduce == "mean" else 1.0
    weights = site.parameter("weights")
    blocks = table(Block, feature_blocks(units))
    bias = site.parameter("bias") if site.has("bias") else 0
    site.forward_parts(
        [
            [
                site.row(
                    sliding.vote, site.x, weights, bias, site.y, blocks[part.start : part.stop], len(part),
                    inputs, 1, inputs, scale, RELU if site.rectify else 0,
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
    if site.has("bias") and (gradient := site.gradient("bias")) is not None:
        shifts = [[site.row(sliding.gradient_of_bias, site.dy, gradient, 1, units, units)]]
    if site.dx is not None:
        blocks = table(Block, feature_blocks(inputs))
        dx = [
            [
                site.row(
                    sliding.vote, site.dy, weights, 0, site.dx, blocks[part.start : part.stop], len(part),
                    1, inputs, units, scale, 0,
                )
            ]
            for part in site.shares(len(blocks), units * inputs)
        ]  # fmt: skip
    site.backward_parts(site.program.together(gradients, shifts, dx))


def lower_single(layer: Dense, site: SingleSite) -> None:
    """One row of features as one tile, or a few; the values it looks at may have gaps between pixels."""
    steps = site.pixels * site.channels
    index = np.arange(layer.units * steps).reshape(layer.units, steps)
    blocks = blocks_of(layer.units, steps)
    spans = [LineSpan(1, 0, 0, 0, 0, 1, 0, site.pixels, 0, 1)]
    strides = WideSteps(0, site.pitch, site.channels, site.pitch == site.channels, site.pixels)
    multiply(site, index, blocks, spans, strides, 1.0 / steps if layer.reduce == "mean" else 1.0)
