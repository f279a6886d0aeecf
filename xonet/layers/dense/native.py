"""Rows of `dense`."""

from __future__ import annotations

import numpy as np

from xonet.kernels import LANES, RELU, sliding
from xonet.layers._single import Span, blocks_of, multiply
from xonet.layers._single_site import SingleSite
from xonet.layers._site import Site
from xonet.layers._tables import feature_blocks, widest_tile
from xonet.layers.dense import Dense

RECTIFIES = "output"


def lower(layer: Dense, site: Site) -> None:
    """Forward and the input's gradient walk the same weights, along their rows or down their columns."""
    units, inputs = layer.units, site.shape.size
    scale = 1.0 / inputs if layer.reduce == "mean" else 1.0
    weights = site.parameter("weights")
    blocks = np.array(feature_blocks(units), np.int64)
    site.forward(
        sliding.vote, site.x, weights, site.parameter("bias") if site.has("bias") else 0, site.y,
        blocks, len(blocks), inputs, 1, inputs, scale, RELU if site.rectify else 0,
    )  # fmt: skip
    if site.dy is None:
        return
    if (gradient := site.gradient("weights")) is not None:
        flipped = site.program.take_scratch(-(-inputs // LANES) * LANES * LANES)
        site.backward(
            sliding.gradient_of_dense, site.dy, site.x, gradient, flipped, units, inputs, blocks, len(blocks),
            widest_tile(), scale,
        )  # fmt: skip
    if site.has("bias") and (gradient := site.gradient("bias")) is not None:
        site.backward(sliding.gradient_of_bias, site.dy, gradient, 1, units, units)
    if site.dx is not None:
        blocks = np.array(feature_blocks(inputs), np.int64)
        site.backward(sliding.vote, site.dy, weights, 0, site.dx, blocks, len(blocks), 1, inputs, units, scale, 0)


def lower_single(layer: Dense, site: SingleSite) -> None:
    """One row of features as one tile, or a few; the values it looks at may have gaps between pixels."""
    steps = site.pixels * site.channels
    index = np.arange(layer.units * steps).reshape(layer.units, steps)
    blocks = blocks_of(layer.units, steps)
    spans = [Span(1, 0, 0, 0, 0, 1, 0, site.pixels, 0, 1)]
    strides = (0, site.pitch, site.channels, site.pitch == site.channels, site.pixels)
    multiply(site, index, blocks, spans, strides, 1.0 / steps if layer.reduce == "mean" else 1.0)
