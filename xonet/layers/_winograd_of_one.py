"""How a 3 × 3 convolution of one picture runs with a quarter of its multiplications."""

from __future__ import annotations

import numpy as np

from xonet.kernels import LANES, target, winograd_of_one
from xonet.kernels.tables import TransformedBlock, table
from xonet.kernels.winograd_transforms import POINTS
from xonet.layers._convolution import Convolution
from xonet.layers._single import SHARED
from xonet.layers._single_site import PARTS, SingleSite
from xonet.layers._winograd import tile_table, tiled

FEW = 4
"""Tiles that are not worth to be shared out: each worker takes all of them, for a part of the features."""
AT_ONCE = 8
"""Tiles that are transformed before they are multiplied: more would leave the nearest caches."""


def suits_one(layer: Convolution, site: SingleSite) -> bool:
    """Whether a convolution can run so, and gains."""
    shape = site.operation.inputs[0].shape
    return (
        tiled(*layer.axes(shape))
        and not site.amid_zeros
        and shape.channels % LANES == 0
        and min(shape.channels, site.features) >= LANES
    )


def lower_winograd_of_one(layer: Convolution, site: SingleSite) -> None:
    """Rows of a convolution for which `suits_one` holds."""
    shape = site.operation.inputs[0].shape
    rows, columns = layer.axes(shape)
    channels, features = shape.channels // LANES, site.y_pixel_stride // LANES
    blocks, first, place = [], 0, 0
    for sixteens in target.cut(features, [1, 2] if target.wide() else [1]):
        blocks.append(TransformedBlock(sixteens, first, place))
        first, place = first + LANES * sixteens, place + POINTS * LANES * (sixteens * shape.channels + 1)
    every = table(TransformedBlock, blocks)
    u = site.program.take_shared(place)
    factors, offsets = site.affine(LANES * features, layer.scale)
    site.prepare(
        winograd_of_one.prepare, site.parameter("weights"), u, site.features, shape.channels, factors, every,
        len(every), site.program.take_scratch(LANES * (POINTS + 9)),
    )  # fmt: skip
    tiles = tile_table(rows, columns, channels, features)
    work = POINTS * len(tiles) * shape.channels * site.features
    parts = [(tiles, every)]
    if work >= SHARED:
        if len(tiles) <= FEW and len(every) >= PARTS:
            parts = [(tiles, part) for part in np.array_split(every, PARTS)]
        else:
            parts = [(part, every) for part in np.array_split(tiles, PARTS)]
    sizes = sorted({pixels for pixels, _ in target.feature_sizes() if pixels <= AT_ONCE})
    most = max(size for part, _ in parts for size in target.cut(len(part), sizes))
    workspace = 128 + LANES * (POINTS + features + POINTS * most * (channels + 1 + features + 1))
    workspaces = site.program.take_scratch(workspace * len(parts))
    zeros = np.zeros(max(shape.channels, 2 * LANES), np.float32)
    arguments = []
    for number, (part, own) in enumerate(parts):
        stretches = np.array(target.cut(len(part), sizes), np.int64)
        arguments.append(
            (site.x, u, offsets, site.y, np.ascontiguousarray(part), stretches, len(stretches), most, zeros,
             workspaces.plus(number * workspace), channels, features, own, len(own), site.fused_relu)
        )  # fmt: skip
    site.forward_parts([[site.row(winograd_of_one.forward, *own)] for own in arguments])
