"""Rows of `dense`: a window of one place that sees everything, on the weights as they lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xonet.kernels import LANES, RELU, sliding
from xonet.layers._tables import feature_blocks

if TYPE_CHECKING:
    from xonet.engine.program import Site
    from xonet.layers.dense import Dense

RECTIFIES = "output"
ONE_PLACE = np.array([(0, 1, 0)], np.int64)
ONE_SPAN = np.array([(1, 0, 0, 1, 0, 0, 0)], np.int64)


def lower(layer: Dense, site: Site) -> None:
    """Forward and the input's gradient walk the same weights, along their rows or down their columns."""
    units, inputs = layer.units, site.shape.size
    scale = 1.0 / inputs if layer.reduce == "mean" else 1.0
    weights = site.parameter("weights")
    blocks = [(size, unit, unit * inputs, inputs, 1, 0, 0, 0) for size, unit in feature_blocks(units)]
    site.forward(
        sliding.slide, site.x, weights, site.parameter("bias") if site.has("bias") else 0, site.y,
        ONE_PLACE, 1, ONE_SPAN, 1, np.array(blocks, np.int64), len(blocks),
        np.array((0, 0, 0, 0, inputs, LANES, 0, 1, 1), np.int64), scale, RELU if site.rectify else 0,
    )  # fmt: skip
    if site.dy is None:
        return
    if (gradient := site.gradient("weights")) is not None:
        cut = np.array(feature_blocks(units), np.int64)
        flipped = site.program.take_scratch(-(-inputs // LANES) * LANES * LANES)
        site.backward(
            sliding.gradient_of_dense, site.dy, site.x, gradient, flipped, units, inputs, cut, len(cut), scale
        )
    if site.has("bias") and (gradient := site.gradient("bias")) is not None:
        site.backward(sliding.gradient_of_bias, site.dy, gradient, 1, units)
    if site.dx is not None:
        blocks = [(size, first, first, 1, inputs, 0, 0, 0) for size, first in feature_blocks(inputs)]
        site.backward(
            sliding.slide, site.dy, weights, 0, site.dx,
            ONE_PLACE, 1, ONE_SPAN, 1, np.array(blocks, np.int64), len(blocks),
            np.array((0, 0, 0, 0, units, LANES, 0, 1, 1), np.int64), scale, 0,
        )  # fmt: skip
