"""A convolution's weights in the order in which its kernels read them, with all that multiplies them taken in."""

from __future__ import annotations

import numpy as np

from xonet.kernels import single, sliding
from xonet.layers._convolution import Convolution
from xonet.layers._site import Site
from xonet.program.rows import Argument, Ref


def share(layer: Convolution) -> float:
    """What a match is multiplied by."""
    return 1.0 / layer.area if layer.reduce == "mean" else 1.0


def packed_weights(layer: Convolution, site: Site, places: np.ndarray) -> tuple[Ref, Argument]:
    """Weights number places[n], times `share`, and the bias; or what a batch_norm that is folded in makes of them.

    The bias is 0 where there is none.
    """
    weights, packed = site.parameter("weights"), site.program.take_shared(places.size)
    bias: Argument = site.parameter("bias") if site.has("bias") else 0
    if site.norm is None:
        site.prepare(sliding.pack, weights, packed, places, places.size, share(layer))
        return packed, bias
    features = site.output_shape.channels
    factors, offsets = (site.program.take_shared(features) for _ in range(2))
    norm = site.norm_parameters()
    site.prepare_first(
        single.prepare_affine, bias, *norm[:4], factors, offsets, features, features, share(layer), norm[4]
    )
    site.prepare(sliding.pack_with_factors, weights, packed, places, places.size, factors, places.size // features)
    return packed, offsets
