"""A convolution's weights in the order in which its kernels read them, with all that multiplies them taken in."""

from __future__ import annotations

import numpy as np

from xonet.kernels import sliding
from xonet.layers._convolution import SlidingFeatures
from xonet.layers._site import Site
from xonet.program.rows import Argument, Ref


def packed_weights(layer: SlidingFeatures, site: Site, places: np.ndarray) -> tuple[Ref, Argument]:
    """Weights number places[n], times the layer's `scale`, and the bias; or what a batch_norm folded in makes of them.

    The bias is 0 where there is none.
    """
    weights, packed = site.parameter("weights"), site.program.take_shared(places.size)
    if site.norm is None:
        site.prepare(sliding.pack, weights, packed, places, places.size, layer.scale)
        return packed, site.bias
    features = site.output_shape.channels
    factors, offsets = site.affine(features, layer.scale)
    site.prepare(sliding.pack_with_factors, weights, packed, places, places.size, factors, places.size // features)
    return packed, offsets
