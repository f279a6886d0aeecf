"""The layer `layer_norm`: every picture on a common scale."""

from __future__ import annotations

from typing import ClassVar

from xonet.layers._normalization import OverAxes


class LayerNorm(OverAxes):
    """Normalizes all values of each picture to mean 0 and variance 1, then applies a learned scale and shift.

    y = scale · (x - mean) / sqrt(variance + epsilon) + shift (Ba, Kiros and Hinton 2016, arXiv 1607.06450, section 3).
    As PyTorch's LayerNorm of the whole shape, and with axes: channels as Keras' LayerNormalization, and as the one in
    ConvNeXt.
    """

    nearly: ClassVar = {
        name: "write layer_norm: {axes: channels}: Keras' and ONNX's is over the channels of each pixel"
        for name in ("LayerNormalization", "LayerNormalisation", "LayerNorm2d")
    }
