"""Rows that layers with weights have in common, cut for the workers that share a group."""

from __future__ import annotations

from xonet.kernels import LANES, sliding
from xonet.layers._site import Site
from xonet.program.rows import Ref, Row


def transpose_channels(site: Site, transposed: Ref) -> list[list[Row]]:
    """Rows that lay the input's channels beside each other, [pixel][16 lanes][channel], at a place."""
    channels = site.shape.channels
    pixels = site.shape.size // channels
    return [
        [
            site.row(
                sliding.transpose_channels, site.x.plus(part.start * channels * LANES),
                transposed.plus(part.start * channels * LANES), len(part), channels,
            )
        ]
        for part in site.shares(pixels, site.shape.size)
    ]  # fmt: skip


def gradient_of_bias(site: Site) -> list[list[Row]]:
    """Rows for the gradient of a layer's bias, one number a channel of the output; none where it is not wanted."""
    gradient = site.gradient("bias")
    if gradient is None or site.dy is None:
        return []
    features = site.output_shape.channels
    pixels = site.output_shape.size // features
    return [
        [
            site.row(
                sliding.gradient_of_bias, site.dy.plus(part.start * LANES), gradient.plus(part.start), pixels,
                len(part), features,
            )
        ]
        for part in site.shares(features, site.output_shape.size)
    ]  # fmt: skip
